import assert from 'node:assert/strict'
import { once } from 'node:events'
import { Agent, createServer, request as send } from 'node:http'
import { connect } from 'node:net'
import { after, type TestContext, test } from 'node:test'
import { ENDPOINTS } from '../../src/base/endpoint.ts'
import { askWhole } from '../support/client.ts'
import { eventually } from '../support/eventually.ts'
import { KEY, openHouse } from '../support/house.ts'
import { keptBytes } from '../support/kept-bytes.ts'

const MiB = 2 ** 20
const CHUNK = Buffer.alloc(64 * 1024, 'x')

/** An upstream that counts uploaded bytes without keeping them, and serves downloads as long as the path says. */
const upstream = createServer((request, response) => {
  let bytes = 0
  request.on('data', (chunk: Buffer) => {
    bytes += chunk.length
    seen.bytes = bytes
  })
  request.on('close', () => {
    seen.closed = true
  })
  request.on('end', () => {
    const wanted = Number(/size=(\d+)/.exec(request.url ?? '')?.[1] ?? 0)
    if (wanted === 0) {
      response.writeHead(200, { 'content-type': 'application/json' })
      response.end(JSON.stringify({ id: 'file-1', object: 'file', bytes }))
      return
    }
    response.writeHead(200, { 'content-type': 'application/octet-stream', 'content-length': wanted })
    let sent = 0
    const push = () => {
      while (sent < wanted) {
        sent += CHUNK.length
        if (!response.write(CHUNK)) {
          response.once('drain', push)
          return
        }
      }
      response.end()
    }
    push()
  })
})
const seen = { bytes: 0, closed: false }
upstream.listen(0, '127.0.0.1')
await once(upstream, 'listening')
after(() => upstream.close())
const address = upstream.address()
const port = typeof address === 'object' ? address?.port : 0

const house = await openHouse(
  { after },
  {
    upstream: { base_url: `http://127.0.0.1:${port}/v1` },
    settings: {
      server: {
        listen: '127.0.0.1:0',
        admin: '127.0.0.1:0',
        max_body: '1MiB',
        max_upload: '256MiB',
        drain: '200ms',
      },
    },
    team: { endpoints: [...ENDPOINTS] },
  },
)

/**
 * Bytes of a body that may be in memory at any moment, in client, proxy and upstream together: all run in
 * this process.
 */
const MOST_KEPT = 32 * MiB
/** Bytes between two looks at the memory. */
const LOOK = 16 * MiB

/** Sends `bytes` bytes to /files and returns the status and the most memory taken meanwhile. */
async function upload(bytes: number, length: number | undefined): Promise<{ status: number; taken: number }> {
  seen.bytes = 0
  const before = await keptBytes()
  // With `connection: close` the proxy would close the connection in the middle of a body it refuses, and
  // Node's client might notice that before it has read the reason.
  const agent = new Agent({ keepAlive: true })
  const request = send(`${house.baseUrl}/files`, {
    method: 'POST',
    agent,
    headers: {
      authorization: `Bearer ${KEY}`,
      'content-type': 'multipart/form-data; boundary=b',
      ...(length !== undefined && { 'content-length': length }),
    },
  })
  const answered = once(request, 'response')
  let isAnswered = false
  request.once('response', () => {
    isAnswered = true
  })
  request.on('error', () => undefined)
  let taken = 0
  for (let sent = 0; sent < bytes && !request.destroyed; sent += CHUNK.length) {
    if (!request.write(CHUNK)) await Promise.race([once(request, 'drain'), answered])
    if (sent % LOOK === 0) taken = Math.max(taken, (await keptBytes()) - before)
    if (isAnswered) break
  }
  request.end()
  const [response] = await answered
  response.resume()
  agent.destroy()
  return { status: response.statusCode, taken }
}

test('an upload of 192 MiB streams through without being buffered, with and without a length', async () => {
  for (const length of [192 * MiB, undefined]) {
    const { status, taken } = await upload(192 * MiB, length)
    assert.deepEqual([status, seen.bytes], [200, 192 * MiB])
    assert.ok(taken < MOST_KEPT, `${Math.round(taken / MiB)} MiB were kept`)
  }
})

test('an upload over the limit is refused, with or without a declared length', async () => {
  const told = await upload(0, 257 * MiB).catch((error: unknown) => error)
  assert.deepEqual(Object.assign({}, told), { status: 413, taken: 0 })
  const { status } = await upload(272 * MiB, undefined)
  assert.equal(status, 413)
  assert.ok(seen.bytes <= 256 * MiB + CHUNK.length)
})

test('a download of 192 MiB streams through without being buffered and keeps its length', async () => {
  const before = await keptBytes()
  const request = send(`${house.baseUrl}/containers/c/files/f/content?size=${192 * MiB}`, {
    agent: false,
    headers: { authorization: `Bearer ${KEY}` },
  })
  request.end()
  const [response] = await once(request, 'response')
  assert.equal(response.headers['content-length'], String(192 * MiB))
  let bytes = 0
  let taken = 0
  for await (const chunk of response) {
    const isLook = Math.floor(bytes / LOOK) < Math.floor((bytes + chunk.length) / LOOK)
    bytes += chunk.length
    if (isLook) taken = Math.max(taken, (await keptBytes()) - before)
  }
  assert.equal(bytes, 192 * MiB)
  assert.ok(taken < MOST_KEPT, `${Math.round(taken / MiB)} MiB were kept`)
})

test('a recording over the body limit passes unread if no budget needs its price', async (t) => {
  const form = {
    headers: { 'content-type': 'multipart/form-data; boundary=b' },
    body: Buffer.alloc(3 * MiB, 'x'),
  }
  const refused = await askWhole(`${house.baseUrl}/audio/transcriptions`, form)
  assert.equal(refused.status, 413)
  const other = await openHouse(t, {
    upstream: { base_url: `http://127.0.0.1:${port}/v1` },
    settings: { server: { listen: '127.0.0.1:0', admin: '127.0.0.1:0', max_body: '1MiB' } },
    team: { endpoints: [...ENDPOINTS], budgets: [] },
  })
  const answer = await askWhole(`${other.baseUrl}/audio/transcriptions`, form)
  assert.deepEqual([answer.status, seen.bytes], [200, 3 * MiB])
  assert.equal((await other.row(answer.headers['x-request-id'])).usage_source, 'unpriced')
})

test('a body that has to be parsed has the smaller limit', async () => {
  const body = JSON.stringify({ model: 'text-embedding-3-small', input: 'x'.repeat(2 * MiB) })
  const answer = await askWhole(`${house.baseUrl}/embeddings`, { body })
  assert.deepEqual([answer.status, /"body_too_large"/.test(answer.text())], [413, true])
})

/** A proxy in front of an upstream that answers without reading the body. */
async function startHasty(t: TestContext) {
  const hasty = createServer((_request, response) => {
    response.writeHead(400, { 'content-type': 'application/json' })
    response.end('{"error":{"message":"Not that"}}')
  })
  hasty.listen(0, '127.0.0.1')
  await once(hasty, 'listening')
  t.after(() => hasty.close())
  const at = hasty.address()
  return openHouse(t, {
    upstream: { base_url: `http://127.0.0.1:${typeof at === 'object' ? at?.port : 0}/v1` },
    team: { endpoints: [...ENDPOINTS] },
  })
}

test('the answer of an upstream that does not read the whole body reaches the client', async (t) => {
  const other = await startHasty(t)
  const answer = await askWhole(`${other.baseUrl}/files`, { body: Buffer.alloc(24 * MiB, 'x') })
  assert.deepEqual([answer.status, answer.text()], [400, '{"error":{"message":"Not that"}}'])
})

// The rest was left with the client, which waited for ten minutes until it could be sent.
test('a client that reads no answer before its whole body is sent gets the upstream’s early one', {
  timeout: 30_000,
}, async (t) => {
  const hasty = await startHasty(t)
  const { hostname, port: at } = new URL(hasty.baseUrl)
  const socket = connect(Number(at), hostname)
  t.after(() => socket.destroy())
  const body = Buffer.alloc(24 * MiB, 'x')
  const head = ['POST /v1/files HTTP/1.1', 'host: x', `authorization: Bearer ${KEY}`]
  socket.write(`${[...head, `content-length: ${body.length}`].join('\r\n')}\r\n\r\n`)
  await new Promise((resolve) => socket.write(body, resolve))
  const [answer] = await once(socket, 'data')
  assert.match(String(answer), /^HTTP\/1\.1 400 /)
})

test('a client that hangs up in the middle of an upload ends it upstream', async () => {
  seen.closed = false
  seen.bytes = 0
  const request = send(`${house.baseUrl}/files`, {
    method: 'POST',
    agent: false,
    headers: { authorization: `Bearer ${KEY}`, 'content-length': 192 * MiB },
  })
  request.on('error', () => undefined)
  const rows = house.rows().length
  request.write(CHUNK)
  await eventually(() => (seen.bytes > 0 ? true : undefined))
  request.destroy()
  await eventually(() => (seen.closed ? true : undefined))
  const row = await eventually(() =>
    house
      .rows()
      .slice(rows)
      .find(({ outcome }) => outcome !== null),
  )
  assert.deepEqual([row.outcome, row.cost_nusd, row.endpoint], ['client_left', 0, 'files'])
})
