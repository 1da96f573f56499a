import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ask, askWhole } from '../support/client.ts'
import { KEY, keyEntry, openHouse } from '../support/house.ts'
import { startWritten } from '../support/written-upstream.ts'

const TEAMS = { research: { keys: [keyEntry(KEY)] }, sales: { keys: [keyEntry('sk-sales')] } }

test('a response still being written belongs to its team, and is cancelled at its own upstream', async (t) => {
  const first = await startWritten(t, (response) => {
    response.writeHead(404).end()
  })
  const asked: string[] = []
  const release = Promise.withResolvers<void>()
  const own = await startWritten(t, async (response, _index, { method, url }) => {
    asked.push(`${method} ${url}`)
    if (url !== '/v1/responses') {
      response.writeHead(200, { 'content-type': 'application/json' }).end('{"id":"resp_now"}')
      return
    }
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    const event = (type: string) =>
      `event: ${type}\ndata: {"type":"${type}","response":{"id":"resp_now"}}\n\n`
    response.write(event('response.created'))
    await release.promise
    response.end(event('response.completed'))
  })
  const house = await openHouse(t, {
    settings: {
      upstreams: {
        first: { base_url: first.baseUrl, api_key: 'sk-first' },
        openai: { base_url: own.baseUrl, api_key: 'sk-own' },
      },
      teams: TEAMS,
    },
  })
  const answer = await ask(`${house.baseUrl}/responses`, {
    body: { model: 'trivium/pin:gpt-4o', input: 'Hello', stream: true },
  })
  await answer.until('resp_now')
  const url = `${house.baseUrl}/responses/resp_now`
  for (const [method, path] of [
    ['GET', ''],
    ['DELETE', ''],
    ['POST', '/cancel'],
  ] as const) {
    assert.equal((await askWhole(url + path, { method, key: 'sk-sales' })).status, 404)
    assert.equal((await askWhole(url + path, { method })).status, 200)
  }
  release.resolve()
  assert.equal(await answer.ended, 'whole')
  const kept = '/v1/responses/resp_now'
  assert.deepEqual(asked, ['POST /v1/responses', `GET ${kept}`, `DELETE ${kept}`, `POST ${kept}/cancel`])
  assert.equal(first.count, 0)
})

test('items that a team puts into a conversation belong to that team', async (t) => {
  const upstream = await startWritten(t, (response, _index, { url }) => {
    const items = { object: 'list', data: [{ id: 'msg_put', type: 'message' }], first_id: 'msg_put' }
    const answer = url?.endsWith('/items') ? items : { id: 'conv_1', object: 'conversation' }
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(answer))
  })
  const house = await openHouse(t, { upstream: { base_url: upstream.baseUrl }, settings: { teams: TEAMS } })
  const items = [{ role: 'user', content: 'Hello' }]
  const url = `${house.baseUrl}/conversations`
  assert.equal((await askWhole(`${url}/conv_1/items`, { body: { items } })).status, 200)
  const leaning = { items: [{ type: 'item_reference', id: 'msg_put' }] }
  assert.equal((await askWhole(url, { key: 'sk-sales', body: leaning })).status, 404)
  assert.equal((await askWhole(url, { body: leaning })).status, 200)
  assert.equal((await askWhole(`${url}/conv_1`, { method: 'GET', key: 'sk-sales' })).status, 404)
})
