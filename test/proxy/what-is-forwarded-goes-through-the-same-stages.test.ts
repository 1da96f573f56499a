import assert from 'node:assert/strict'
import type { ServerResponse } from 'node:http'
import { after, type TestContext, test } from 'node:test'
import { gzipSync } from 'node:zlib'
import { ENDPOINTS } from '../../src/base/endpoint.ts'
import { ask, askWhole } from '../support/client.ts'
import { eventually } from '../support/eventually.ts'
import { type House, type HouseOptions, KEY, keyEntry, openHouse } from '../support/house.ts'
import { startWritten } from '../support/written-upstream.ts'

const EVERYTHING = { endpoints: [...ENDPOINTS] }
const house = await openHouse({ after }, { team: EVERYTHING })
const EMBEDDING = { model: 'text-embedding-3-small', input: 'x' }

/** A proxy in front of an upstream that answers with `answer`. */
async function before(
  test: TestContext,
  answer: (response: ServerResponse) => void,
  options: HouseOptions = {},
): Promise<House & { readonly asked: () => number }> {
  const upstream = await startWritten(test, answer)
  const opened = await openHouse(test, {
    ...options,
    upstream: { base_url: upstream.baseUrl, ...options.upstream },
    team: { ...EVERYTHING, ...options.team },
  })
  return { ...opened, asked: () => upstream.count }
}

test('a wrong method on a known path gets 405 with the methods it takes', async () => {
  for (const [method, path, allow] of [
    ['GET', '/embeddings', 'POST'],
    ['PUT', '/files/x', 'GET, HEAD, POST, DELETE'],
    ['PATCH', '/v1/audio/speech', 'POST'],
  ] as const) {
    const answer = await askWhole(house.baseUrl.replace('/v1', '') + path, { method })
    assert.deepEqual([answer.status, answer.headers.allow], [405, allow])
    assert.match(answer.text(), /"code": "method_not_allowed"/)
  }
})

test('an unknown path is forwarded for a team that lists `other`, and otherwise refused with how to', async (t) => {
  const poor = await openHouse(t, {})
  const told = await askWhole(`${poor.baseUrl}/something/new`, { method: 'PATCH', body: {} })
  assert.equal(told.status, 404)
  assert.match(told.text(), /add \\"other\\" to teams\.research\.endpoints/)
  assert.equal(poor.simulator.calls.length, 0)
  const answer = await askWhole(`${house.baseUrl}/something/new?a[]=1&a[]=2&b=%2F`, {
    method: 'PATCH',
    body: {},
  })
  assert.equal(answer.status, 404)
  assert.match(answer.text(), /Invalid URL \(PATCH \/v1\/something\/new\)/, 'the upstream’s own words')
  const { method, path } = house.simulator.calls.at(-1) ?? {}
  assert.deepEqual([method, path], ['PATCH', '/v1/something/new?a[]=1&a[]=2&b=%2F'])
})

test('no spelling of a path bypasses the router or leaves the API', async () => {
  const calls = house.simulator.calls.length
  const body = { model: 'gpt-4o', messages: [{ role: 'user', content: 'Hello' }] }
  for (const path of [
    '/files/..%2fchat/completions',
    '/files/%2e%2e%2fchat/completions',
    '/files/..%5c..%5cadmin',
    '//chat/completions',
    '/chat//completions',
    '/chat%2Fcompletions',
    '/chat/completions//',
    '/chat/completions%2F',
    '/files/%zz',
  ]) {
    const answer = await askWhole(`${house.baseUrl}${path}`, { body })
    assert.ok([400, 404].includes(answer.status), `${path}: ${answer.status}`)
  }
  assert.equal(house.simulator.calls.length, calls)
  // Escaped letters and one trailing slash are accepted: both are the routed endpoint.
  for (const path of ['/ch%61t/completions', '/chat/completions/']) {
    const routed = await askWhole(house.baseUrl + path, { body })
    assert.deepEqual([routed.status, routed.headers['x-trivium-class'] !== undefined], [200, true], path)
  }
})

test('HEAD gets the headers of GET and no body', async (t) => {
  const other = await before(t, (response) => response.writeHead(200, { 'content-length': '1234' }).end())
  const answer = await askWhole(`${other.baseUrl}/files/f/content`, { method: 'HEAD' })
  assert.deepEqual([answer.status, answer.headers['content-length'], answer.text()], [200, '1234', ''])
})

test('an unrequested compressed answer is decompressed and loses its compressed length', async (t) => {
  const text = 'a line of a file\n'.repeat(1000)
  const packed = gzipSync(text)
  const other = await before(t, (response) => {
    response.writeHead(200, { 'content-encoding': 'gzip', 'content-length': packed.length }).end(packed)
  })
  const answer = await askWhole(`${other.baseUrl}/files/f/content`, { method: 'GET' })
  assert.deepEqual([answer.text() === text, answer.headers['content-encoding']], [true, undefined])
  assert.equal(await answer.ended, 'whole')
})

test('a request without a key or over its limit is refused before it reaches the upstream', async (t) => {
  const other = await openHouse(t, { team: { ...EVERYTHING, limits: { requests_per_minute: 1 } } })
  const list = (key?: string) =>
    askWhole(`${other.baseUrl}/files`, { method: 'GET', ...(key !== undefined && { key }) })
  assert.equal((await list('sk-nobody')).status, 401)
  assert.equal((await list()).status, 200)
  const refused = await list()
  assert.equal(refused.status, 429)
  assert.equal(other.simulator.calls.length, 1)
})

test('embeddings count against tokens per minute', async (t) => {
  const limits = { tokens_per_minute: 100 }
  const other = await openHouse(t, { team: { ...EVERYTHING, limits } })
  const embed = (input: string) => askWhole(`${other.baseUrl}/embeddings`, { body: { ...EMBEDDING, input } })
  assert.equal((await embed('word '.repeat(60))).status, 200)
  const refused = await embed('word '.repeat(90))
  assert.deepEqual([refused.status, /tokens per minute/.test(refused.text())], [429, true])
})

test('the upstream’s error is passed on word for word, with a long retry-after shortened', async (t) => {
  const body = '{"error":{"message":"Slow down","type":"requests","param":null,"code":"rate_limit_exceeded"}}'
  const other = await before(t, (response) => {
    response.writeHead(429, { 'content-type': 'application/json', 'retry-after': '900' }).end(body)
  })
  const answer = await askWhole(`${other.baseUrl}/embeddings`, { body: EMBEDDING })
  assert.deepEqual([answer.status, answer.text(), answer.headers['retry-after']], [429, body, '60'])
  const row = await other.row(answer.headers['x-request-id'])
  assert.deepEqual([row.outcome, row.error_code, row.cost_nusd], ['upstream_error', 'upstream_429', 0])
  assert.equal(other.asked(), 1, 'what is forwarded is never sent twice')
})

test('an upstream that refuses the proxy’s key becomes a 502 upstream_locked_out', async (t) => {
  const other = await before(t, (response) => {
    response
      .writeHead(401, { 'content-type': 'application/json' })
      .end('{"error":{"code":"invalid_api_key"}}')
  })
  const answer = await askWhole(`${other.baseUrl}/files`, { method: 'GET' })
  assert.deepEqual([answer.status, /upstream_locked_out/.test(answer.text())], [502, true])
})

test('passthrough sends the client’s own key', async (t) => {
  const other = await openHouse(t, {
    settings: { auth: 'passthrough', teams: { default: { ...EVERYTHING, keys: [] } } },
  })
  await askWhole(`${other.baseUrl}/files`, { method: 'GET', key: 'sk-own' })
  assert.equal(other.simulator.calls.at(-1)?.headers.authorization, 'Bearer sk-own')
})

test('a silent upstream times out', async (t) => {
  const other = await before(t, () => undefined, { upstream: { timeouts: { first_byte: '150ms' } } })
  const answer = await askWhole(`${other.baseUrl}/embeddings`, { body: EMBEDDING })
  assert.deepEqual([answer.status, /upstream_timeout/.test(answer.text())], [504, true])
  const row = await other.row(answer.headers['x-request-id'])
  assert.deepEqual([row.outcome, row.usage_source], ['upstream_error', 'bound'])
  assert.equal(row.cost_nusd, row.held_nusd, 'it may have been billed')
})

test('a broken event stream ends with an error, any other broken answer is cut off', async (t) => {
  const other = await before(t, (response) => {
    const isEvents = response.req.url?.includes('runs') === true
    response.writeHead(200, { 'content-type': isEvents ? 'text/event-stream' : 'audio/mpeg' })
    response.write(isEvents ? 'event: thread.run.created\ndata: {"id":"run_1"' : 'la la la')
    setTimeout(() => response.destroy(), 50)
  })
  const stream = await ask(`${other.baseUrl}/threads/t/runs`, { body: {} })
  assert.equal(await stream.ended, 'whole')
  assert.match(stream.text(), /"error":\{.*"upstream_broken"/)
  const sound = await ask(`${other.baseUrl}/audio/speech`, { body: { model: 'tts-1', input: 'la' } })
  assert.equal(await sound.ended, 'torn')
  const row = await other.row(sound.headers['x-request-id'])
  assert.deepEqual([row.outcome, row.usage_source], ['broken', 'unpriced'])
})

test('an error within a stream passes unchanged, and its row says broken', async (t) => {
  const error = { message: 'Blocked.', type: 'image_generation_user_error', code: 'moderation_blocked' }
  let stream = ''
  const other = await before(t, (response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    response.end(stream)
  })
  const partial = 'data: {"type":"image_generation.partial_image","b64_json":"AAAA"}\n\n'
  for (const last of [
    `event: error\ndata: ${JSON.stringify({ type: 'error', error })}\n\n`,
    `data: ${JSON.stringify({ type: 'error', error })}\n\n`,
    `data: ${JSON.stringify({ error, type: 'error' })}\n\ndata: [DONE]\n\n`,
    `event: error\ndata: ${JSON.stringify(error)}\n\n`,
  ]) {
    stream = partial + last
    for (const [path, model] of [
      ['/images/generations', 'gpt-image-1-mini'],
      ['/audio/speech', 'gpt-4o-mini-tts'],
    ] as const) {
      const answer = await ask(other.baseUrl + path, {
        body: { model, prompt: 'x', input: 'x', stream: true },
      })
      assert.equal(await answer.ended, 'whole')
      assert.equal(answer.text(), stream)
      const row = await other.row(answer.headers['x-request-id'])
      assert.deepEqual([row.outcome, row.error_code, row.status], ['broken', 'upstream_broken', 200], last)
    }
  }
  stream = `data: {"choices":[{"text":"Half","index":0,"finish_reason":null}]}\n\ndata: ${JSON.stringify({ error })}\n\n`
  const body = { model: 'gpt-3.5-turbo-instruct', prompt: 'x', stream: true }
  const answer = await ask(`${other.baseUrl}/completions`, { body })
  assert.equal(await answer.ended, 'whole')
  assert.equal(answer.text(), stream)
  assert.equal((await other.row(answer.headers['x-request-id'])).outcome, 'broken')
})

test('a client that leaves stops the upstream', async (t) => {
  let closed = false
  const other = await before(t, (response) => {
    response.writeHead(200, { 'content-type': 'audio/mpeg' })
    response.write('la')
    response.once('close', () => {
      closed = true
    })
  })
  const sound = await ask(`${other.baseUrl}/audio/speech`, { body: { model: 'tts-1', input: 'la' } })
  await sound.until('la')
  sound.abort()
  await eventually(() => (closed ? true : undefined))
  const row = await other.row(sound.headers['x-request-id'])
  assert.deepEqual([row.outcome, row.status], ['client_left', 499])
})

test('a list of models applies to the model field of a form', async (t) => {
  const other = await openHouse(t, {
    team: { ...EVERYTHING, models: ['gpt-4o-transcribe'], keys: [keyEntry(KEY)] },
  })
  const form = (model: string) =>
    askWhole(`${other.baseUrl}/audio/transcriptions`, {
      headers: { 'content-type': 'multipart/form-data; boundary="a b"' },
      body: `--a b\r\ncontent-disposition: form-data; name="file"; filename="x"\r\n\r\nname="model"\r\n--a b\r\nContent-Disposition: form-data; name="model"\r\n\r\n${model}\r\n--a b--\r\n`,
    })
  assert.equal((await form('whisper-1')).status, 404)
  assert.equal((await form('gpt-4o-transcribe')).status, 200)
})
