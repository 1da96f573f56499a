import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { askWhole } from '../support/client.ts'
import { openHouse } from '../support/house.ts'

const house = await openHouse(
  { after },
  { team: { endpoints: ['chat', 'responses', 'embeddings', 'images'] } },
)

/** `count` items between the opening and the closing that make a request of them. */
function listOf(count: number, item: string, opening: string, closing: string): Buffer {
  return Buffer.from(opening + Array.from({ length: count }, () => item).join(',') + closing)
}

const QUESTION = '{"role":"user","content":"Hello"}'

// Twenty megabytes of them used to block the event loop for four to eight seconds, for any known key.
for (const [name, path, body] of [
  ['messages', '/chat/completions', listOf(600_000, '{}', '{"model":"auto","messages":[', ']}')],
  [
    'a field that nobody knows',
    '/chat/completions',
    listOf(600_000, '{}', `{"model":"auto","messages":[${QUESTION}],"x":[`, ']}'),
  ],
  [
    'parts',
    '/responses',
    listOf(600_000, '""', '{"model":"auto","input":[{"role":"user","content":[', ']}]}'),
  ],
  ['input', '/embeddings', listOf(600_000, '""', '{"model":"text-embedding-3-small","input":[', ']}')],
] as const) {
  test(`hundreds of thousands of empty values are refused unparsed: ${name}`, async () => {
    const { status, text } = await askWhole(house.baseUrl + path, { body })
    assert.equal(status, 400)
    assert.match(text(), /more than 500000 values.*"param": null,\s*"code": "invalid_request"/s)
    assert.equal(house.simulator.calls.length, 0)
  })
}

test('a form of too many parts is refused unread', async () => {
  const part = '--b\r\ncontent-disposition: form-data; name="n"\r\n\r\n\r\n'
  const { status, text } = await askWhole(`${house.baseUrl}/images/edits`, {
    headers: { 'content-type': 'multipart/form-data; boundary=b' },
    body: `${part.repeat(10_000)}--b--\r\n`,
  })
  assert.equal(status, 400)
  assert.match(text(), /more than 10000 parts.*"code": "invalid_request"/s)
})

test('an embedding’s input may be a list of 300,000 token numbers', async () => {
  const body = listOf(300_000, '1', '{"model":"text-embedding-3-small","input":[[', ']]}')
  const { json, status } = await askWhole(`${house.baseUrl}/embeddings`, { body })
  assert.equal(status, 200, JSON.stringify(json))
})
