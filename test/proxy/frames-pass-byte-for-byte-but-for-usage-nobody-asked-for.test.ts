import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ask } from '../support/client.ts'
import { openHouse } from '../support/house.ts'
import { chatBody, frame, startWritten, writeStream } from '../support/written-upstream.ts'

const BEFORE = [
  frame({
    choices: [{ index: 0, delta: { role: 'assistant', content: '' }, finish_reason: null }],
    usage: null,
  }),
  ': a comment\n\n',
  // Spaces, odd key order, an unknown field, escapes and multi-byte characters stay as they are.
  'data: {"choices" : [ {"index":0,"delta":{"content":"\\u00e9é 中🙂\\n\\n"},"finish_reason":null} ],"x":1}\n\n',
  frame({ choices: [{ index: 0, delta: {}, finish_reason: 'stop' }], usage: null }),
].join('')
/** As an upstream writes it if it was not asked for usage. */
const UNASKED = BEFORE.replaceAll('],"usage":null', ']')
const USAGE = frame({ choices: [], usage: { prompt_tokens: 9, completion_tokens: 4, total_tokens: 13 } })
const DONE = 'data: [DONE]\n\n'

const WAYS: readonly (readonly number[])[] = [[1], [2, 3, 5, 7, 11], [64], [100_000], [1, 900]]

for (const sizes of WAYS) {
  for (const asked of [true, false]) {
    test(`in pieces of ${sizes} bytes the client gets ${asked ? 'all' : 'all but the usage'}`, async (t) => {
      const upstream = await startWritten(t, (response) =>
        writeStream(response, BEFORE + USAGE + DONE, sizes),
      )
      const house = await openHouse(t, { upstream: { base_url: upstream.baseUrl } })
      const body = chatBody({ stream: true, ...(asked && { stream_options: { include_usage: true } }) })
      const answer = await ask(house.chatUrl, { body })
      assert.equal(await answer.ended, 'whole')
      assert.equal(answer.text(), asked ? BEFORE + USAGE + DONE : UNASKED + DONE)
      const row = await house.row(answer.headers['x-request-id'])
      assert.deepEqual([row.usage_source, row.input_tokens, row.output_tokens], ['reported', 9, 4])
    })
  }
}

test('lines that end in CRLF pass the same way', async (t) => {
  const crlf = (text: string) => text.replaceAll('\n', '\r\n')
  const upstream = await startWritten(t, (response) =>
    writeStream(response, crlf(BEFORE + USAGE + DONE), [13]),
  )
  const house = await openHouse(t, { upstream: { base_url: upstream.baseUrl } })
  const answer = await ask(house.chatUrl, { body: chatBody({ stream: true }) })
  assert.equal(await answer.ended, 'whole')
  assert.equal(answer.text(), crlf(UNASKED + DONE))
})
