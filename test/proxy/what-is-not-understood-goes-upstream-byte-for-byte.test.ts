import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { askWhole } from '../support/client.ts'
import { openHouse } from '../support/house.ts'

const house = await openHouse({ after }, { team: { budgets: [] } })
const AS_ASKED = { 'x-trivium-route': 'gpt-4o' }

/** The body of the upstream's last request. */
function arrived(): string {
  return house.simulator.calls.at(-1)?.body.toString() ?? ''
}

/** Odd spacing and order, escapes, numbers beyond a double, another vendor's fields, a duplicate key. */
const ODD = `{ "messages" : [ {"role":"user","content":"\\u00e9\\/é 中🙂","x":1.0} ],
  "seed": 12345678901234567890, "store":true, "metadata":{"a":"b", "a" : "b"}, "safety_settings" : [ 1e2, null ],
  "stream_options":null, "model":"gpt-4o" }
`

test('a body that needs no change arrives as it was sent', async () => {
  const answer = await askWhole(house.chatUrl, { body: ODD, headers: AS_ASKED })
  assert.equal(answer.status, 200, answer.text())
  assert.equal(arrived(), ODD)
})

test('a rerouted body changes only in its model name', async () => {
  const answer = await askWhole(house.chatUrl, { body: ODD, headers: { 'x-trivium-route': 'gpt-4o-mini' } })
  assert.equal(answer.status, 200, answer.text())
  assert.equal(arrived(), ODD.replace('"model":"gpt-4o"', '"model":"gpt-4o-mini"'))
})

test('a stream gains the request for usage and nothing else', async () => {
  const body = '{"model":"gpt-4o", "stream":true, "messages":[{"role":"user","content":"Hello"}], "user":"u"}'
  const answer = await askWhole(house.chatUrl, { body, headers: AS_ASKED })
  assert.equal(answer.status, 200, answer.text())
  const { stream_options, ...rest } = JSON.parse(arrived())
  assert.deepEqual(stream_options, { include_usage: true })
  assert.deepEqual(rest, JSON.parse(body))
  assert.ok(arrived().startsWith(body.slice(0, -1)))
})

test('a stream that already asks for usage arrives as it was sent', async () => {
  const body =
    '{"model":"gpt-4o","stream":true,"stream_options":{ "include_usage":true },"messages":[{"role":"user","content":"Hello"}]}'
  await askWhole(house.chatUrl, { body, headers: AS_ASKED })
  assert.equal(arrived(), body)
})

test('a chunked body arrives whole with its query string, with and without /v1 in the path', async () => {
  for (const prefix of ['/v1', '']) {
    const url = new URL(`${prefix}/chat/completions?x=1`, house.chatUrl).href
    const response = await fetch(url, {
      method: 'POST',
      headers: { ...AS_ASKED, authorization: 'Bearer sk-test' },
      body: new Blob([ODD]).stream(),
      duplex: 'half',
    })
    assert.equal(response.status, 200, await response.text())
    assert.equal(arrived(), ODD)
    assert.equal(house.simulator.calls.at(-1)?.path, '/v1/chat/completions?x=1')
  }
})

test('unknown client headers reach the upstream, those about the client or connection do not', async () => {
  const headers = {
    ...AS_ASKED,
    'x-client-request-id': 'abc',
    'openai-beta': 'x=v1',
    'openai-organization': 'org-client',
    cookie: 'a=b',
    'x-forwarded-for': '192.0.2.1',
    connection: 'close, x-private',
    'x-private': 'p',
    'accept-encoding': 'gzip, br',
  }
  await askWhole(house.chatUrl, { body: ODD, headers })
  const sent = house.simulator.calls.at(-1)?.headers ?? {}
  assert.deepEqual([sent['x-client-request-id'], sent['openai-beta']], ['abc', 'x=v1'])
  const hidden = [
    'openai-organization',
    'cookie',
    'x-forwarded-for',
    'x-private',
    'accept-encoding',
    'x-trivium-route',
  ]
  for (const name of hidden) assert.equal(sent[name], undefined, name)
})
