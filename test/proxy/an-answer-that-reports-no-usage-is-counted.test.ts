import assert from 'node:assert/strict'
import { test } from 'node:test'
import { askWhole } from '../support/client.ts'
import { openHouse } from '../support/house.ts'
import { chatBody, frame, startWritten, writeStream } from '../support/written-upstream.ts'

const WORDS = 'The quick brown fox jumps over the lazy dog. '.repeat(40)
/** By the vendor's tokenizer: 9 words and a full stop per sentence, spaces being part of the words. */
const TOKENS = 400

const MESSAGE = { role: 'assistant', content: WORDS }
const WHOLE = JSON.stringify({ choices: [{ index: 0, message: MESSAGE, finish_reason: 'stop' }] }, null, 2)
const STREAM = [
  ...WORDS.split(/(?<= )/).map((content) => frame({ choices: [{ index: 0, delta: { content } }] })),
  frame({ choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] }),
  'data: [DONE]\n\n',
].join('')

for (const stream of [false, true]) {
  for (const [model, source, more] of [
    ['gpt-4o', 'estimated', {}],
    ['o1-mini', 'bound', {}],
    // Audio has no words to count.
    ['gpt-audio', 'bound', { modalities: ['text', 'audio'], audio: { voice: 'alloy', format: 'wav' } }],
  ] as const) {
    test(`an answer of ${model} without usage is booked as ${source} (stream: ${stream})`, async (t) => {
      const upstream = await startWritten(t, (response) => {
        if (stream) return writeStream(response, STREAM, [1000])
        response.writeHead(200, { 'content-type': 'application/json' }).end(WHOLE)
      })
      const house = await openHouse(t, { upstream: { base_url: upstream.baseUrl } })
      const answer = await askWhole(house.chatUrl, {
        body: chatBody({ model: `trivium/pin:${model}`, stream, ...more }),
      })
      assert.equal(answer.status, 200)
      const row = await house.row(answer.headers['x-request-id'])
      assert.deepEqual([row.outcome, row.usage_source], ['ok', source])
      if (source === 'bound') assert.equal(row.cost_nusd, row.held_nusd)
      else {
        const tokens = row.output_tokens ?? 0
        assert.ok(tokens >= TOKENS * 0.95 && tokens <= TOKENS * 1.2, `${tokens} tokens`)
        assert.ok((row.cost_nusd ?? 0) < row.held_nusd / 10)
      }
    })
  }
}

for (const [status, type] of [
  [200, 'text/html'],
  [204, 'application/json'],
  [302, 'text/plain'],
] as const) {
  test(`a success that is no chat answer becomes an unpaid 502 (${status} ${type})`, async (t) => {
    const upstream = await startWritten(t, (response) => {
      response
        .writeHead(status, { 'content-type': type })
        .end(status === 204 ? undefined : '<html>Welcome</html>')
    })
    const house = await openHouse(t, { upstream: { base_url: upstream.baseUrl } })
    const answer = await askWhole(house.chatUrl, { body: chatBody() })
    assert.equal(answer.status, 502)
    assert.match(answer.text(), /"code": "upstream_broken"/)
    const row = await house.row(answer.headers['x-request-id'])
    assert.deepEqual([row.outcome, row.cost_nusd], ['upstream_error', 0])
  })
}

test('implausible usage is ignored, and the answer is counted within its hold', async (t) => {
  const usage = { prompt_tokens: 10, completion_tokens: 90_000_000 }
  const upstream = await startWritten(t, (response) => {
    response.writeHead(200, { 'content-type': 'application/json' })
    response.end(JSON.stringify({ model: 'm', choices: [{ message: { content: 'Hi' } }], usage }))
  })
  const house = await openHouse(t, { upstream: { base_url: upstream.baseUrl } })
  const answer = await askWhole(house.chatUrl, { body: chatBody() })
  assert.equal(answer.status, 200)
  const row = await house.row(answer.headers['x-request-id'])
  assert.equal(row.usage_source, 'estimated')
  assert.ok((row.cost_nusd ?? 0) <= (row.held_nusd ?? 0))
})
