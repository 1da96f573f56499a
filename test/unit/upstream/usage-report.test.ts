import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readUsage } from '../../../src/upstream/usage-report.ts'

test('reads the counts of chat and of Responses answers alike', () => {
  const expected = {
    inputTokens: 30,
    cachedTokens: 8,
    cacheWriteTokens: 4,
    outputTokens: 212,
    reasoningTokens: 192,
  }
  const input = { cached_tokens: 8, cache_write_tokens: 4 }
  const output = { reasoning_tokens: 192 }
  assert.deepEqual(
    readUsage({
      prompt_tokens: 30,
      completion_tokens: 212,
      prompt_tokens_details: input,
      completion_tokens_details: output,
    }),
    expected,
  )
  assert.deepEqual(
    readUsage({
      input_tokens: 30,
      output_tokens: 212,
      input_tokens_details: input,
      output_tokens_details: output,
    }),
    expected,
  )
})

test('a report with a missing or absurd count is no report', () => {
  for (const completion_tokens of [undefined, null, -1, 1.5, '12', Number.NaN, 9e15, 1e9]) {
    assert.equal(readUsage({ prompt_tokens: 5, completion_tokens }), 'unreported')
  }
  for (const report of [undefined, null, 'much', 7, []]) assert.equal(readUsage(report), 'unreported')
})

test('a part is never more than its whole', () => {
  const usage = readUsage({
    prompt_tokens: 10,
    completion_tokens: 5,
    prompt_tokens_details: { cached_tokens: 8, cache_write_tokens: 99 },
    completion_tokens_details: { reasoning_tokens: 6 },
  })
  assert.deepEqual(usage, {
    inputTokens: 10,
    cachedTokens: 8,
    cacheWriteTokens: 2,
    outputTokens: 5,
    reasoningTokens: 5,
  })
})

test('what the total has beyond prompt and answer was thought, and is billed as output', () => {
  const usage = readUsage({ prompt_tokens: 100, completion_tokens: 50, total_tokens: 20_150 })
  assert.equal(usage === 'unreported' ? 0 : usage.outputTokens, 20_050)
})

test('an answer to no prompt at all is no report', () => {
  assert.equal(readUsage({ prompt_tokens: 0, completion_tokens: 0 }), 'unreported')
})
