import assert from 'node:assert/strict'
import { test } from 'node:test'
import { MOST } from '../../../src/base/money.ts'
import type { ServiceTier, Usage } from '../../../src/base/usage.ts'
import { costOf } from '../../../src/pricing/cost.ts'
import { priceOfList } from '../../../src/pricing/price-list.ts'

const gpt4o = priceOfList({ input: 2.5, cached_input: 1.25, output: 10 })
const gpt4oMini = priceOfList({ input: 0.15, cached_input: 0.075, output: 0.6 })
const o1Mini = priceOfList({ input: 1.1, cached_input: 0.55, output: 4.4 })
const terra = priceOfList({ input: 2, cached_input: 0.2, cache_write: 2.5, output: 12 })

function usage(counts: Partial<Usage>): Usage {
  return {
    inputTokens: 0,
    cachedTokens: 0,
    cacheWriteTokens: 0,
    outputTokens: 0,
    reasoningTokens: 0,
    ...counts,
  }
}

test('charges plain input and output at their rates', () => {
  // 1,000 x 2,500 nano + 500 x 10,000 nano
  assert.equal(costOf(usage({ inputTokens: 1000, outputTokens: 500 }), gpt4o), 2_500_000 + 5_000_000)
})

test('charges cached tokens at their own rate and never twice', () => {
  // (2,006 - 1,920) x 2,500 + 1,920 x 1,250 + 300 x 10,000
  assert.equal(
    costOf(usage({ inputTokens: 2006, cachedTokens: 1920, outputTokens: 300 }), gpt4o),
    215_000 + 2_400_000 + 3_000_000,
  )
})

test('counts reasoning tokens as part of the output', () => {
  // 20 x 1,100 + 1,300 x 4,400, whatever share of the 1,300 is hidden
  for (const reasoningTokens of [0, 1280, 1300])
    assert.equal(
      costOf(usage({ inputTokens: 20, outputTokens: 1300, reasoningTokens }), o1Mini),
      22_000 + 5_720_000,
    )
})

test('charges cache writes above the input price', () => {
  // (3,000 - 1,000 - 1,500) x 2,000 + 1,000 x 200 + 1,500 x 2,500 + 10 x 12,000
  assert.equal(
    costOf(usage({ inputTokens: 3000, cachedTokens: 1000, cacheWriteTokens: 1500, outputTokens: 10 }), terra),
    1_000_000 + 200_000 + 3_750_000 + 120_000,
  )
})

test('rounds a fraction of a nano-dollar up, once for the whole request', () => {
  // 0.0125 USD per million tokens is 12,500 pico-dollars a token, twelve and a half nano-dollars.
  const fine = priceOfList({ input: 0.0125, cached_input: 0.0125, output: 0.0005 })
  // 3 x 12,500 + 1 x 500 pico = 38,000 pico = 38 nano exactly; one more output token begins the 39th
  assert.equal(costOf(usage({ inputTokens: 3, outputTokens: 1 }), fine), 38)
  assert.equal(costOf(usage({ inputTokens: 3, outputTokens: 2 }), fine), 39)
  // 75 nano for one cached token of gpt-4o-mini, 150 for one plain, 600 for one out
  assert.equal(costOf(usage({ inputTokens: 2, cachedTokens: 1, outputTokens: 1 }), gpt4oMini), 75 + 150 + 600)
})

test('charges the whole request at the long-prompt rates once the prompt is longer', () => {
  const price = priceOfList({
    input: 2,
    output: 12,
    long_prompt: { above: 272_000, input: 4, output: 18 },
  })
  assert.equal(costOf(usage({ inputTokens: 272_000, outputTokens: 1 }), price), 272_000 * 2000 + 12_000)
  assert.equal(costOf(usage({ inputTokens: 272_001, outputTokens: 1 }), price), 272_001 * 4000 + 18_000)
})

test('charges the tier that served, and gives no discount for a tier without rates', () => {
  const price = priceOfList({
    input: 2,
    output: 8,
    flex: { input: 1, output: 4 },
    priority: { input: 4, output: 16 },
  })
  const counts = { inputTokens: 1000, outputTokens: 100 }
  const cost = (tier: ServiceTier) => costOf(usage({ ...counts, tier }), price)
  assert.equal(costOf(usage(counts), price), 2_000_000 + 800_000)
  assert.equal(cost('flex'), 1_000_000 + 400_000)
  assert.equal(cost('priority'), 4_000_000 + 1_600_000)
  assert.equal(cost('batch'), 2_000_000 + 800_000)
})

test('charges a long prompt at its tier’s rates, or at the dearer ones if it lists none', () => {
  const price = priceOfList({
    input: 2,
    output: 12,
    long_prompt: { above: 100, input: 4, output: 18 },
    flex: { input: 1, output: 6, long_prompt: { above: 100, input: 2, output: 9 } },
    priority: { input: 3, output: 24 },
  })
  const cost = (tier: ServiceTier) => costOf(usage({ inputTokens: 101, outputTokens: 10, tier }), price)
  assert.equal(cost('flex'), 101 * 2000 + 10 * 9000)
  assert.equal(cost('priority'), 101 * 4000 + 10 * 24_000)
})

test('charges audio, images and text at their own rates', () => {
  const price = priceOfList({
    input: 2.5,
    output: 10,
    audio: { input: 40, cached_input: 2.5, output: 80 },
    image: { input: 5, output: 40 },
  })
  const sound = usage({
    inputTokens: 1000,
    cachedTokens: 300,
    outputTokens: 500,
    audio: { input: 400, cached: 100, output: 450 },
    image: { input: 50, cached: 0, output: 0 },
  })
  // text: 550 in, 200 of them cached without a discount, 50 out; sound: 300 in, 100 cached, 450 out; images: 50 in
  const text = 550 * 2500 + 50 * 10_000
  assert.equal(costOf(sound, price), text + 300 * 40_000 + 100 * 2500 + 450 * 80_000 + 50 * 5000)
})

test('charges audio like text where it has no rates of its own', () => {
  const counts = { inputTokens: 1000, cachedTokens: 500, outputTokens: 10 }
  const sound = usage({ ...counts, audio: { input: 900, cached: 450, output: 10 } })
  assert.equal(costOf(sound, gpt4o), costOf(usage(counts), gpt4o))
})

test('charges the parts when an upstream reports more than the total', () => {
  assert.equal(costOf(usage({ inputTokens: 10, cachedTokens: 30 }), gpt4o), 30 * 1250)
})

test('charges nothing when nothing was used', () => {
  assert.equal(costOf(usage({}), gpt4o), 0)
})

test('refuses counts that are not non-negative integers', () => {
  const tiny = priceOfList({ input: 0.000001, output: 0.000001 })
  for (const outputTokens of [0.5, -1.5, -2, Number.NaN])
    assert.throws(() => costOf(usage({ outputTokens }), tiny), RangeError)
})

test('an absurdly large usage costs more than any budget', () => {
  assert.equal(costOf(usage({ outputTokens: Number.MAX_SAFE_INTEGER }), gpt4o), MOST)
})
