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

test('a report with a missing or absurd count is treated as unreported', () => {
  for (const completion_tokens of [undefined, null, -1, 1.5, '12', Number.NaN, 9e15, 1e9]) {
    assert.equal(readUsage({ prompt_tokens: 5, completion_tokens }), 'unreported')
  }
  for (const report of [undefined, null, 'much', 7, []]) assert.equal(readUsage(report), 'unreported')
})

const chat = (input: object, output: object = {}) =>
  readUsage({
    prompt_tokens: 100,
    completion_tokens: 50,
    prompt_tokens_details: input,
    completion_tokens_details: output,
  })
const PLAIN = { inputTokens: 100, cachedTokens: 0, cacheWriteTokens: 0, outputTokens: 50, reasoningTokens: 0 }

test('parts that exceed their total are added to it', () => {
  assert.deepEqual(chat({ cached_tokens: 2000 }), { ...PLAIN, inputTokens: 2100, cachedTokens: 2000 })
  assert.deepEqual(chat({ cached_tokens: 80, cache_write_tokens: 30 }), {
    ...PLAIN,
    inputTokens: 210,
    cachedTokens: 80,
    cacheWriteTokens: 30,
  })
  assert.deepEqual(chat({}, { reasoning_tokens: 60 }), { ...PLAIN, outputTokens: 110, reasoningTokens: 60 })
  const predicted = { reasoning_tokens: 10, accepted_prediction_tokens: 20, rejected_prediction_tokens: 30 }
  assert.deepEqual(chat({}, predicted), { ...PLAIN, outputTokens: 110, reasoningTokens: 10 })
})

test('an unreadable discount is not applied, an unreadable surcharge applies in full', () => {
  for (const odd of [-1, 0.5, '12', Number.NaN, 1e12, {}, true]) {
    assert.deepEqual(chat({ cached_tokens: odd }), PLAIN)
    assert.deepEqual(chat({ cached_tokens: 40, cache_write_tokens: odd }), {
      ...PLAIN,
      cachedTokens: 40,
      cacheWriteTokens: 60,
    })
    assert.deepEqual(chat({ audio_tokens: odd }, { audio_tokens: odd }), {
      ...PLAIN,
      audio: { input: 100, cached: 0, output: 50 },
    })
    assert.deepEqual(chat({}, { reasoning_tokens: odd, rejected_prediction_tokens: odd }), PLAIN)
  }
  for (const none of [undefined, null, 'details', 7, []]) {
    assert.deepEqual(readUsage({ ...CHAT, prompt_tokens_details: none }), PLAIN)
  }
})

const CHAT = { prompt_tokens: 100, completion_tokens: 50 }

test('cached tokens are taken from text before media unless the report says otherwise', () => {
  assert.deepEqual(chat({ audio_tokens: 60, image_tokens: 30, cached_tokens: 50 }, { audio_tokens: 45 }), {
    ...PLAIN,
    cachedTokens: 50,
    audio: { input: 60, cached: 10, output: 45 },
    image: { input: 30, cached: 30, output: 0 },
  })
  const told = { text_tokens: 0, audio_tokens: 50 }
  assert.deepEqual(chat({ audio_tokens: 60, cached_tokens: 50, cached_tokens_details: told }), {
    ...PLAIN,
    cachedTokens: 50,
    audio: { input: 60, cached: 50, output: 0 },
  })
  const impossible = { audio_tokens: 61 }
  assert.deepEqual(chat({ audio_tokens: 60, cached_tokens: 50, cached_tokens_details: impossible }), {
    ...PLAIN,
    cachedTokens: 50,
    audio: { input: 60, cached: 10, output: 0 },
  })
  assert.deepEqual(chat({ audio_tokens: 80, image_tokens: 70 }), {
    ...PLAIN,
    audio: { input: 80, cached: 0, output: 0 },
    image: { input: 20, cached: 0, output: 0 },
  })
})

test('knows the field names of other vendors and endpoints', () => {
  assert.deepEqual(readUsage({ ...CHAT, prompt_cache_hit_tokens: 64, prompt_cache_miss_tokens: 36 }), {
    ...PLAIN,
    cachedTokens: 64,
  })
  const singular = { input_token_details: { audio_tokens: 14 }, input_tokens: 14, output_tokens: 45 }
  assert.deepEqual(readUsage(singular), {
    ...PLAIN,
    inputTokens: 14,
    outputTokens: 45,
    audio: { input: 14, cached: 0, output: 0 },
  })
})

test('an embedding has no output', () => {
  assert.deepEqual(readUsage({ prompt_tokens: 8, total_tokens: 8 }), {
    ...PLAIN,
    inputTokens: 8,
    outputTokens: 0,
  })
})

test('the tier is the one the answer names, in any spelling; unknown ones count as standard', () => {
  const tierOf = (tier: unknown) => {
    const usage = readUsage(CHAT, tier)
    return usage === 'unreported' ? usage : usage.tier
  }
  for (const tier of ['batch', 'flex', 'priority']) assert.equal(tierOf(tier), tier)
  assert.equal(tierOf('Fast'), 'priority')
  for (const tier of ['default', 'auto', 'standard', 'scale', '', null, undefined, 5, {}]) {
    assert.equal(tierOf(tier), undefined)
  }
})

test('cached tokens reported beside the prompt are not counted as output because of the total', () => {
  const usage = readUsage({ ...CHAT, total_tokens: 2150, prompt_tokens_details: { cached_tokens: 2000 } })
  assert.deepEqual(usage, { ...PLAIN, inputTokens: 2100, cachedTokens: 2000 })
})

test('tokens of the total beyond prompt and answer are reasoning, billed as output', () => {
  const usage = readUsage({ prompt_tokens: 100, completion_tokens: 50, total_tokens: 20_150 })
  assert.equal(usage === 'unreported' ? 0 : usage.outputTokens, 20_050)
})

test('a total that is too small or unreadable is ignored', () => {
  for (const total_tokens of [0, 120, -1, '9999', 1e12, null]) {
    assert.deepEqual(readUsage({ ...CHAT, total_tokens }), PLAIN)
  }
})

test('a report of no tokens at all is treated as unreported', () => {
  assert.equal(readUsage({ prompt_tokens: 0, completion_tokens: 0 }), 'unreported')
})
