import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { startSimulator } from '../../../src/simulator/server.ts'
import { askWhole } from '../../support/client.ts'

const simulator = await startSimulator()
after(() => simulator.close())
const url = (path: string) => simulator.baseUrl + path

const REFUSED = [
  [
    'POST',
    '/embeddings',
    { model: 'text-embedding-3-small', input: 'x', mood: 'good' },
    /Unknown parameter: 'mood'/,
  ],
  ['POST', '/embeddings', { model: 'text-embedding-3-small', input: [] }, /'input'/],
  ['POST', '/embeddings', { model: 'no-such-model', input: 'x' }, /does not exist/],
  ['POST', '/completions', { model: 'gpt-3.5-turbo-instruct', prompt: 'x', max_tokens: 1.5 }, /'max_tokens'/],
  ['POST', '/moderations', {}, /'input'/],
  ['POST', '/audio/speech', { model: 'tts-1', voice: 'alloy' }, /'input'/],
  ['POST', '/audio/transcriptions', { model: 'whisper-1' }, /multipart form/],
  ['POST', '/assistants', { model: 'gpt-4o' }, /'OpenAI-Beta'/],
  ['POST', '/batches', { input_file_id: 'f', endpoint: '/v1/files', completion_window: '24h' }, /'endpoint'/],
  ['GET', '/files?limit=0', undefined, /'limit'/],
  ['GET', '/files?sort=asc', undefined, /Unknown parameter: 'sort'/],
  ['GET', '/files/file-none', undefined, /No file found/],
  ['DELETE', '/vector_stores/vs_none', undefined, /No vector_store found/],
  ['PUT', '/embeddings', {}, /Invalid URL \(PUT \/v1\/embeddings\)/],
  ['GET', '/embeddings/more', undefined, /Invalid URL/],
] as const

for (const [method, path, body, words] of REFUSED) {
  test(`${method} ${path} ${JSON.stringify(body) ?? ''} is refused as the vendor does`, async () => {
    const answer = await askWhole(url(path), { method, ...(body !== undefined && { body }) })
    assert.ok(answer.status === 400 || answer.status === 404, String(answer.status))
    assert.match(answer.text(), words)
  })
}

test('an empty body with a content type counts as none, and half a body is refused', async () => {
  const made = await askWhole(url('/uploads'), {
    body: { filename: 'a', purpose: 'batch', bytes: 1, mime_type: 'text/plain' },
  })
  const { id } = JSON.parse(made.text())
  const half = await askWhole(url(`/uploads/${id}/cancel`), { body: '{' })
  assert.equal(half.status, 400)
  const cancelled = await askWhole(url(`/uploads/${id}/cancel`), { body: '' })
  assert.deepEqual([cancelled.status, JSON.parse(cancelled.text()).status], [200, 'cancelled'])
})

test('a list is paged by the last id', async () => {
  for (const name of ['a', 'b', 'c']) await askWhole(url('/containers'), { body: { name } })
  const page = async (query: string) =>
    JSON.parse((await askWhole(url(`/containers?${query}`), { method: 'GET' })).text())
  const first = await page('limit=2&order=asc')
  assert.deepEqual([first.data.length, first.has_more], [2, true])
  const second = await page(`limit=2&order=asc&after=${first.last_id}`)
  assert.deepEqual([second.data[0].name, second.has_more], ['c', false])
})
