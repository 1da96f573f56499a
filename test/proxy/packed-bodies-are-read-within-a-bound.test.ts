import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { brotliCompressSync, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib'
import { ENDPOINTS } from '../../src/base/endpoint.ts'
import { askWhole } from '../support/client.ts'
import { openHouse } from '../support/house.ts'

const server = { listen: '127.0.0.1:0', admin: '127.0.0.1:0', max_body: '1MiB' }
const house = await openHouse({ after }, { settings: { server }, team: { endpoints: [...ENDPOINTS] } })
const url = (path: string) => house.baseUrl + path

const PACKERS = { gzip: gzipSync, deflate: deflateSync, br: brotliCompressSync, zstd: zstdCompressSync }
const CHAT = JSON.stringify({
  model: 'trivium/pin:gpt-4o',
  messages: [{ role: 'user', content: 'Say hello' }],
})
const EMBEDDING = JSON.stringify({ model: 'text-embedding-3-small', input: 'x' })

for (const [encoding, pack] of Object.entries(PACKERS)) {
  test(`a chat compressed with ${encoding} is routed and goes upstream uncompressed`, async () => {
    const body = pack(Buffer.from(CHAT))
    const headers = { 'content-encoding': encoding }
    const answer = await askWhole(url('/chat/completions'), { body, headers })
    assert.equal(answer.status, 200, answer.text())
    const heard = house.simulator.calls.at(-1)
    assert.equal(heard?.headers['content-encoding'], undefined)
    assert.equal(JSON.parse(String(heard?.body)).model, 'gpt-4o')
  })

  test(`an embedding compressed with ${encoding} is read and goes upstream as it came`, async () => {
    const body = pack(Buffer.from(EMBEDDING))
    const headers = { 'content-encoding': encoding }
    const { headers: answered } = await askWhole(url('/embeddings'), { body, headers })
    const heard = house.simulator.calls.at(-1)
    assert.equal(heard?.headers['content-encoding'], encoding)
    assert.deepEqual(heard?.body, body)
    assert.equal(
      (await house.row(answered['x-request-id'])).requested_model,
      'text-embedding-3-small',
      'the model was read',
    )
  })
}

test('a decompression bomb is refused at the body limit and never reaches an upstream', async () => {
  const calls = house.simulator.calls.length
  const zeros = Buffer.alloc(512 * 2 ** 20)
  for (const pack of [gzipSync, zstdCompressSync]) {
    const bomb = pack(zeros)
    assert.ok(bomb.length < 2 ** 20, 'small enough to be let in')
    const headers = { 'content-encoding': pack === gzipSync ? 'gzip' : 'zstd' }
    const before = process.memoryUsage().arrayBuffers
    for (const path of ['/chat/completions', '/embeddings']) {
      const answer = await askWhole(url(path), { body: bomb, headers })
      assert.deepEqual([answer.status, /"body_too_large"/.test(answer.text())], [413, true])
    }
    assert.ok(process.memoryUsage().arrayBuffers - before < 32 * 2 ** 20)
  }
  assert.equal(house.simulator.calls.length, calls)
})

test('a body in an unknown encoding, or not in the encoding it names, is refused', async () => {
  const cases = [
    ['lzma', Buffer.from(CHAT), /not known here \(lzma\)/],
    ['gzip', Buffer.from(CHAT), /not what its content-encoding says \(gzip\)/],
    ['gzip, gzip, gzip', Buffer.from(CHAT), /compressed 3 times/],
  ] as const
  for (const [encoding, body, words] of cases) {
    for (const path of ['/chat/completions', '/embeddings']) {
      const answer = await askWhole(url(path), { body, headers: { 'content-encoding': encoding } })
      assert.equal(answer.status, 400)
      assert.match(answer.text(), words)
      assert.match(answer.text(), /"invalid_json"/)
    }
  }
})

test('a compressed body without a valid key is refused', async () => {
  const answer = await askWhole(url('/chat/completions'), {
    key: 'sk-nobody',
    body: gzipSync(Buffer.alloc(2 ** 19)),
    headers: { 'content-encoding': 'gzip' },
  })
  assert.equal(answer.status, 401)
})
