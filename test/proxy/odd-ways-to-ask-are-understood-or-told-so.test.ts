import assert from 'node:assert/strict'
import { once } from 'node:events'
import { request as send } from 'node:http'
import { connect } from 'node:net'
import { after, test } from 'node:test'
import { ENDPOINTS } from '../../src/base/endpoint.ts'
import { ask, askWhole } from '../support/client.ts'
import { KEY, openHouse } from '../support/house.ts'

const house = await openHouse({ after }, { team: { endpoints: [...ENDPOINTS] } })
const { hostname, port } = new URL(house.baseUrl)

/** All that a connection of its own receives until the proxy closes it. */
async function say(head: readonly string[]): Promise<string> {
  const socket = connect(Number(port), hostname)
  let answer = ''
  socket.setEncoding('utf8').on('data', (text: string) => {
    answer += text
  })
  socket.write(`${head.join('\r\n')}\r\n\r\n`)
  await once(socket, 'close')
  return answer
}

const TELLING = [`authorization: Bearer ${KEY}`, 'connection: close']

test('HEAD on a model is answered from the list, like GET', async () => {
  const url = `${house.baseUrl}/models`
  for (const [name, status] of [
    ['', 200],
    ['/gpt-4o', 200],
    ['/zzz', 404],
  ] as const) {
    const answer = await ask(url + name, { method: 'HEAD' })
    assert.equal(await answer.ended, 'whole')
    assert.deepEqual([answer.status, answer.text()], [status, ''])
    const got = await askWhole(url + name, { method: 'GET' })
    assert.equal(answer.headers['content-length'], got.headers['content-length'])
  }
  assert.equal(house.simulator.calls.length, 0)
})

test('other spellings of the model list’s path are not found, and no upstream is asked', async () => {
  const { origin } = new URL(house.baseUrl)
  for (const path of ['/v1//models', '/v1/%6dodels/gpt-4o', '//models']) {
    const answer = await askWhole(origin + path, { method: 'GET' })
    assert.equal(answer.status, 404, path)
  }
  assert.equal(house.simulator.calls.length, 0)
})

test('one trailing slash on a path is ignored', async () => {
  const { origin } = new URL(house.baseUrl)
  const chat = { model: 'auto', messages: [{ role: 'user', content: 'What is the capital of Australia?' }] }
  for (const [path, body] of [
    ['/v1/chat/completions/', chat],
    ['/openai/deployments/gpt-4o/chat/completions/?api-version=2024-10-21', chat],
    ['/v1/responses/', { model: 'auto', input: 'What is the capital of Australia?' }],
  ] as const) {
    const { length } = house.simulator.calls
    const { status, headers } = await askWhole(origin + path, { body })
    assert.deepEqual([status, typeof headers['x-trivium-class']], [200, 'string'], path)
    assert.doesNotMatch(house.simulator.calls[length]?.path ?? '/', /\/$/)
  }
  for (const path of ['/v1/models/', '/v1/models/gpt-4o/']) {
    assert.equal((await askWhole(origin + path, { method: 'GET' })).status, 200, path)
  }
  for (const [path, method] of [
    ['/v1/chat/completions//', 'POST'],
    ['/v1/chat//completions', 'POST'],
    ['/v1/models//', 'GET'],
  ] as const) {
    assert.equal((await askWhole(origin + path, { method, body: chat })).status, 404, path)
  }
})

for (const target of ['http://proxy.example/v1/models/gpt-4o', 'HTTP://Proxy.Example:80/v1/models/gpt-4o']) {
  test(`GET ${target} is served like the path alone`, async () => {
    const answer = await say([`GET ${target} HTTP/1.1`, 'host: proxy.example:80', ...TELLING])
    assert.match(answer, /^HTTP\/1\.1 200 [\s\S]*"id": "gpt-4o"/)
  })
}

test('a request without a Host header is refused in the envelope, except over HTTP/1.0', async () => {
  for (const request of ['GET /v1/models', 'POST /v1/chat/completions', 'DELETE /v1/files/x']) {
    const answer = await say([`${request} HTTP/1.1`, `authorization: Bearer ${KEY}`])
    assert.match(answer, /^HTTP\/1\.1 400 [\s\S]*"The request has no Host header[\s\S]*"invalid_request"/)
  }
  assert.match(await say(['GET /v1/models HTTP/1.0', ...TELLING]), /^HTTP\/1\.1 200 /)
})

test('with `expect: 100-continue` and an unknown key the answer is 401 and never 100', async () => {
  for (const path of ['/v1/chat/completions', '/v1/files', '/v1/embeddings']) {
    const answer = await say([
      `POST ${path} HTTP/1.1`,
      'host: x',
      'authorization: Bearer sk-nobody',
      'expect: 100-continue',
      'content-length: 20',
    ])
    assert.match(answer, /^HTTP\/1\.1 401 [\s\S]*invalid_api_key/)
  }
})

test('with `expect: 100-continue` and a known key the client gets 100 and then its answer', async () => {
  for (const path of ['/v1/chat/completions', '/v1/embeddings']) {
    const isChat = path.endsWith('completions')
    const body = isChat
      ? { model: 'gpt-4o', messages: [{ role: 'user', content: 'Hello' }] }
      : { model: 'text-embedding-3-small', input: 'Hello' }
    const request = send({
      hostname,
      port,
      path,
      method: 'POST',
      headers: { authorization: `Bearer ${KEY}`, expect: '100-continue', 'content-type': 'application/json' },
    })
    request.flushHeaders()
    await once(request, 'continue')
    request.end(JSON.stringify(body))
    const [response] = await once(request, 'response')
    assert.equal(response.statusCode, 200, path)
    response.resume()
  }
})

test('with `expect: 100-continue` and too large a body the answer is 413 and never 100', async () => {
  for (const [path, bytes] of [
    ['/v1/chat/completions', 30 * 2 ** 20],
    ['/v1/embeddings', 30 * 2 ** 20],
    ['/v1/files', 10 * 2 ** 30],
  ] as const) {
    const answer = await say([
      `POST ${path} HTTP/1.1`,
      'host: x',
      `authorization: Bearer ${KEY}`,
      'expect: 100-continue',
      `content-length: ${bytes}`,
    ])
    assert.match(answer, /^HTTP\/1\.1 413 [\s\S]*body_too_large/, path)
  }
})

test('with `expect: 100-continue` and a wrong method the answer is 405 before any body', async () => {
  const waiting = ['host: x', `authorization: Bearer ${KEY}`, 'expect: 100-continue', 'content-length: 20']
  assert.match(await say(['PATCH /v1/embeddings HTTP/1.1', ...waiting]), /^HTTP\/1\.1 405 /)
})

test('an unknown expectation is refused with 417, once the key has been checked', async () => {
  for (const expectation of ['a-miracle', '200-ok', '100-continue, a-miracle']) {
    for (const path of ['/v1/chat/completions', '/v1/embeddings', '/v1/models']) {
      const head = [`POST ${path} HTTP/1.1`, 'host: x', `expect: ${expectation}`, 'content-length: 0']
      const answer = await say([...head, `authorization: Bearer ${KEY}`])
      assert.match(answer, /^HTTP\/1\.1 417 [\s\S]*"code": "expectation_failed"/, path)
      assert.match(await say([...head, 'authorization: Bearer sk-nobody']), /^HTTP\/1\.1 401 /)
    }
  }
})

test('an HTTP/1.0 client gets no interim response, whatever it expects', async () => {
  const body = JSON.stringify({ model: 'gpt-4o', messages: [{ role: 'user', content: 'Hello' }] })
  const head = [
    'POST /v1/chat/completions HTTP/1.0',
    'expect: 100-continue',
    `content-length: ${body.length}`,
  ]
  assert.match(await say([...head, `authorization: Bearer ${KEY}`, '', body]), /^HTTP\/1\.1 200 /)
})

test('a WebSocket handshake is refused with advice, and no upstream is asked', async () => {
  const calls = house.simulator.calls.length
  const answer = await say([
    'GET /v1/responses HTTP/1.1',
    'host: x',
    `authorization: Bearer ${KEY}`,
    'connection: Upgrade',
    'upgrade: WebSocket',
    'sec-websocket-version: 13',
    'sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==',
  ])
  assert.match(answer, /^HTTP\/1\.1 400 [\s\S]*does not support WebSocket/)
  assert.equal(house.simulator.calls.length, calls)
})

test('a WebSocket handshake without a key gets 401', async () => {
  const answer = await say([
    'GET /v1/responses HTTP/1.1',
    'host: x',
    'connection: Upgrade',
    'upgrade: websocket',
  ])
  assert.match(answer, /^HTTP\/1\.1 401 [\s\S]*invalid_api_key/)
})

test('an offer to upgrade to HTTP/2 is ignored', async () => {
  const answer = await say([
    'GET /v1/models HTTP/1.1',
    'host: x',
    `authorization: Bearer ${KEY}`,
    'connection: close, Upgrade, HTTP2-Settings',
    'upgrade: h2c',
    'http2-settings: AAMAAABkAAQAAP__',
  ])
  assert.match(answer, /^HTTP\/1\.1 200 /)
})
