import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { after, test } from 'node:test'
import { askWhole } from '../support/client.ts'
import { KEY, openHouse } from '../support/house.ts'
import { chatBody } from '../support/written-upstream.ts'

const house = await openHouse({ after })

/** A connection that sends `beginning` and then, every second, one more byte of a header that never ends. */
function drip(url: string, beginning: string): { readonly socket: Socket; readonly closed: Promise<string> } {
  const { hostname, port } = new URL(url)
  const socket = connect(Number(port), hostname)
  socket.write(beginning)
  const timer = setInterval(() => socket.write('a'), 1_000)
  let text = ''
  socket.setEncoding('latin1').on('data', (more: string) => {
    text += more
  })
  socket.on('error', () => undefined)
  const closed = new Promise<string>((resolve) => {
    socket.once('close', () => {
      clearInterval(timer)
      resolve(text)
    })
  })
  after(() => socket.destroy())
  return { socket, closed }
}

const HEAD = 'POST /v1/chat/completions HTTP/1.1\r\nhost: x\r\nauthorization: Bearer sk-test\r\nx-slow: '

test('a client that never ends its header is disconnected, on both listeners', async () => {
  const slow = [
    drip(house.chatUrl, HEAD),
    drip(house.adminUrl, 'GET /readyz HTTP/1.1\r\nhost: x\r\nx-slow: '),
  ]
  for (const answer of await Promise.all(slow.map(({ closed }) => closed))) {
    assert.match(answer, /^(HTTP\/1\.1 408 |$)/)
  }
})

test('hundreds of such clients do not keep others from being served', async () => {
  const slow = Array.from({ length: 400 }, () => drip(house.chatUrl, HEAD))
  for (let count = 0; count < 5; count += 1) {
    assert.equal((await askWhole(house.chatUrl, { body: chatBody() })).status, 200)
    assert.equal((await fetch(`${house.adminUrl}/healthz`)).status, 200)
  }
  for (const { socket } of slow) socket.destroy()
})

// An occasional byte of a body with a small content-length used to hold a connection for ten minutes.
test('a request without a valid key is refused and disconnected before its body has arrived', async () => {
  const unfinished = (request: string, ...more: readonly string[]) => {
    const head = [`${request} HTTP/1.1`, 'host: x', 'content-length: 99', ...more]
    return drip(house.chatUrl, `${head.join('\r\n')}\r\n\r\n{`)
  }
  const known = unfinished('POST /v1/chat/completions', `authorization: Bearer ${KEY}`, 'connection: close')
  const requests = [
    'POST /v1/chat/completions',
    'POST /openai/deployments/gpt-4o/chat/completions',
    'POST /v1/responses',
    'POST /v1/embeddings',
    'PUT /v1/embeddings',
    'POST /v1/nothing',
    'GET /v1/models',
    'OPTIONS /v1/models',
  ]
  for (const request of requests) {
    assert.match(
      await unfinished(request, 'authorization: Bearer sk-nobody').closed,
      /^HTTP\/1\.1 401 .*invalid_api_key/s,
      request,
    )
  }
  assert.match(await unfinished('PROPFIND /v1/models').closed, /^HTTP\/1\.1 404 /)
  assert.match(await unfinished('POST /v1/%zz').closed, /^HTTP\/1\.1 400 /)
  assert.match(
    await unfinished('POST /v1/chat/completions', 'content-type: none').closed,
    /^HTTP\/1\.1 4\d\d /,
  )
  known.socket.write('}'.padEnd(98))
  assert.match(await known.closed, /^HTTP\/1\.1 400 .*param": "model"/s)
})

// Closed at once, the kernel would answer the rest of the body with a reset, and the client might never read why.
for (const [why, path, key, bytes] of [
  ['without a key', '/v1/chat/completions', 'sk-nobody', 200_000],
  ['without a key, where its body is forwarded', '/v1/embeddings', 'sk-nobody', 60_000],
  ['with too large a body', '/v1/chat/completions', KEY, 30_000_000],
] as const) {
  test(`a client that is refused early ${why} may go on sending and is not reset`, async () => {
    const { hostname, port } = new URL(house.chatUrl)
    const socket = connect({ host: hostname, port: Number(port), allowHalfOpen: true })
    after(() => socket.destroy())
    const head = [
      `POST ${path} HTTP/1.1`,
      'host: x',
      `authorization: Bearer ${key}`,
      `content-length: ${bytes}`,
    ]
    socket.write(`${head.join('\r\n')}\r\n\r\n{`)
    const ended = once(socket, 'end')
    const [refusal] = await once(socket, 'data')
    await ended
    socket.write(Buffer.alloc(50_000))
    socket.end(Buffer.alloc(Math.min(bytes, 200_000) - 50_001))
    await new Promise((resolve) => socket.on('error', () => undefined).once('close', resolve))
    assert.match(String(refusal), key === KEY ? /^HTTP\/1\.1 413 / : /^HTTP\/1\.1 401 /)
    assert.equal(socket.errored, null)
  })
}

// Its answer could not be delivered any more, and was paid for.
test('a request behind a refusal that closes the connection is not served', async () => {
  const { hostname, port } = new URL(house.chatUrl)
  // Rows of earlier tests may still be on their way to the ledger.
  const model = 'one-behind-a-refusal'
  const body = JSON.stringify(chatBody({ model }))
  const head = ['POST /v1/chat/completions HTTP/1.1', 'host: x', `authorization: Bearer ${KEY}`]
  const request = `${[...head, `content-length: ${body.length}`].join('\r\n')}\r\n\r\n${body}`
  for (const [refused, status] of [
    ['PROPFIND /v1/models HTTP/1.1\r\nhost: x\r\n\r\n', 404],
    ['POST /v1/%zz HTTP/1.1\r\nhost: x\r\n\r\n', 400],
    [
      `POST /v1/chat/completions HTTP/1.1\r\nhost: x\r\ncontent-length: 70000\r\n\r\n${'x'.repeat(70_000)}`,
      401,
    ],
  ] as const) {
    const socket = connect(Number(port), hostname)
    after(() => socket.destroy())
    let text = ''
    socket.setEncoding('latin1').on('data', (more: string) => {
      text += more
    })
    socket.write(refused + request)
    await once(socket, 'close')
    assert.deepEqual(text.match(/HTTP\/1\.1 \d+/g), [`HTTP/1.1 ${status}`])
  }
  assert.equal((await askWhole(house.chatUrl, { body: chatBody({ model }) })).status, 200)
  assert.equal(house.rows().filter((row) => row.requested_model === model).length, 1)
})
