import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { ask } from '../support/client.ts'
import { openHouse } from '../support/house.ts'
import { chatBody, frame, startWritten } from '../support/written-upstream.ts'

const words = frame({ choices: [{ index: 0, delta: { content: 'Hello there' }, finish_reason: null }] })
const finish = frame({ choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] })
const done = 'data: [DONE]\n\n'
const PROMPT = 1_000
const report = (input: number, output: number, cached = 0) =>
  frame({
    choices: [],
    usage: {
      prompt_tokens: input,
      completion_tokens: output,
      prompt_tokens_details: { cached_tokens: cached },
    },
  })

/** The row of a stream of these frames. If `left`, the client hangs up once it has them. */
async function settled(t: TestContext, frames: readonly string[], left: boolean) {
  const upstream = await startWritten(t, (response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' }).write(frames.join(''))
    if (!left) response.end()
  })
  const house = await openHouse(t, { upstream: { base_url: upstream.baseUrl } })
  const body = chatBody({ stream: true, stream_options: { include_usage: true }, max_tokens: 1_000 })
  const answer = await ask(house.chatUrl, { body })
  if (left) {
    await answer.until(frames.at(-1) ?? '')
    answer.abort()
  } else await answer.ended
  return house.row(answer.headers['x-request-id'])
}

const WHOLE: readonly (readonly [what: string, frames: readonly string[], booked: readonly number[]])[] = [
  [
    'a later report that takes tokens back',
    [words, report(PROMPT, 300), finish, report(10, 5), done],
    [PROMPT, 0, 300],
  ],
  [
    'a report that grows with the answer',
    [report(PROMPT, 1), words, report(PROMPT, 2), finish, done],
    [PROMPT, 0, 2],
  ],
  [
    'one in which each is larger',
    [words, finish, report(PROMPT, 5), report(10, 300), done],
    [PROMPT, 0, 300],
  ],
  [
    'a discount that only one of two gives',
    [words, finish, report(PROMPT, 5, 900), report(PROMPT, 5), done],
    [PROMPT, 0, 5],
  ],
  [
    'a discount that both give',
    [words, finish, report(PROMPT, 5, 900), report(PROMPT, 5, 800), done],
    [PROMPT, 800, 5],
  ],
  // A hold does not limit what an upstream reports, since its invoice will say the same.
  ['a report above what was held', [words, finish, report(PROMPT, 20_000), done], [PROMPT, 0, 20_000]],
]

for (const [what, frames, booked] of WHOLE) {
  test(`with ${what}, the larger of each count and the smaller of each discount are booked`, async (t) => {
    const row = await settled(t, frames, false)
    assert.deepEqual([row.outcome, row.usage_source], ['ok', 'reported'])
    assert.deepEqual([row.input_tokens, row.cached_tokens, row.output_tokens], booked)
    const [input = 0, cached = 0, output = 0] = booked
    assert.equal(row.cost_nusd, (input - cached) * 2_500 + cached * 1_250 + output * 10_000)
  })
}

test('usage beyond twice the possible is ignored, and the words are counted', async (t) => {
  const row = await settled(t, [words, finish, report(PROMPT, 90_000), done], false)
  assert.deepEqual([row.outcome, row.usage_source], ['ok', 'estimated'])
  assert.ok((row.cost_nusd ?? 0) <= row.held_nusd)
})

test('usage from before the end is a lower bound for a stream that the client leaves', async (t) => {
  const row = await settled(t, [words, report(PROMPT, 300), words], true)
  assert.deepEqual([row.outcome, row.usage_source], ['client_left', 'estimated'])
  assert.equal(row.input_tokens, PROMPT)
  assert.ok((row.output_tokens ?? 0) >= 300)
})

const MANY = 500
const many = frame({ choices: [{ index: 0, delta: { content: ' word'.repeat(MANY) }, finish_reason: null }] })

for (const [what, frames] of [
  ['in the midst of an answer', [words, report(PROMPT, 2), many, finish, done]],
  ['before all of an answer', [report(PROMPT, 1), many, finish, done]],
  ['after a finish that was none', [words, finish, report(PROMPT, 2), many, done]],
] satisfies readonly (readonly [string, readonly string[]])[]) {
  test(`usage reported ${what} does not cover later words, even if they come in one frame`, async (t) => {
    const row = await settled(t, frames, false)
    assert.deepEqual([row.outcome, row.usage_source], ['ok', 'estimated'])
    assert.ok((row.output_tokens ?? 0) >= MANY, String(row.output_tokens))
    assert.ok((row.cost_nusd ?? 0) >= PROMPT * 2_500 + MANY * 10_000)
  })
}

test('usage is found after a vendor field of that name and with unusual white space', async (t) => {
  const usage = '{"prompt_tokens":1000,"completion_tokens":300}'
  const behind = `data: {"x_vendor":{"usage":null},"choices":[],"usage":\t${usage}}\n\n`
  const row = await settled(t, [words, finish, behind, done], false)
  assert.deepEqual([row.usage_source, row.input_tokens, row.output_tokens], ['reported', PROMPT, 300])
})

test('a tier named in the last chunk applies to usage that does not name it again', async (t) => {
  const dearer = frame({
    service_tier: 'priority',
    choices: [{ index: 0, delta: {}, finish_reason: 'stop' }],
  })
  const row = await settled(t, [words, dearer, report(PROMPT, 300), done], false)
  assert.equal(row.cost_nusd, PROMPT * 4_250 + 300 * 17_000)
})

test('an early report of almost nothing does not make later words free', async (t) => {
  const long = frame({ choices: [{ index: 0, delta: { content: 'word '.repeat(200) } }] })
  const row = await settled(t, [report(8, 1), long, long], true)
  assert.equal(row.usage_source, 'estimated')
  assert.ok((row.output_tokens ?? 0) >= 400, `${row.output_tokens}`)
})

for (const [what, frames] of [
  ['before its words', [report(PROMPT, 1), ...Array(500).fill(words), finish, done]],
  ['before words that follow its end', [words, finish, report(PROMPT, 1), ...Array(500).fill(words), done]],
] as const) {
  test(`usage reported ${what} is only a lower bound`, async (t) => {
    const row = await settled(t, frames, false)
    assert.equal(row.outcome, 'ok')
    assert.equal(row.usage_source, 'estimated')
    assert.ok((row.input_tokens ?? 0) >= PROMPT && (row.output_tokens ?? 0) >= 500, JSON.stringify(row))
  })
}
