import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isExactRate, priceOfList } from '../../../src/pricing/price-list.ts'

test('reads list prices exactly', () => {
  const price = priceOfList({ input: 0.15, cached_input: 0.075, cache_write: 0.1875, output: 0.6 })
  assert.deepEqual(price, { input: 150_000, cachedInput: 75_000, cacheWrite: 187_500, output: 600_000 })
})

test('prices cached input and cache writes like input where no rates are given', () => {
  assert.deepEqual(priceOfList({ input: 5, output: 15 }), {
    input: 5_000_000,
    cachedInput: 5_000_000,
    cacheWrite: 5_000_000,
    output: 15_000_000,
  })
})

test('reads tiers, media and long prompts', () => {
  const price = priceOfList({
    input: 2,
    output: 8,
    audio: { input: 40, output: 80 },
    batch: { input: 1, cached_input: 0.5, output: 4, long_prompt: { above: 9, input: 3, output: 5 } },
  })
  assert.deepEqual(price.audio, { input: 40_000_000, cachedInput: 40_000_000, output: 80_000_000 })
  assert.deepEqual(price.tiers, {
    batch: {
      input: 1_000_000,
      cachedInput: 500_000,
      cacheWrite: 1_000_000,
      output: 4_000_000,
      longPrompt: {
        above: 9,
        rates: { input: 3_000_000, cachedInput: 3_000_000, cacheWrite: 3_000_000, output: 5_000_000 },
      },
    },
  })
})

test('a tier without long-prompt rates takes the dearer of its own and the standard ones', () => {
  const price = priceOfList({
    input: 2,
    cached_input: 1,
    output: 8,
    long_prompt: { above: 9, input: 4, cached_input: 2, output: 12, audio: { input: 50, output: 60 } },
    priority: { input: 3, cached_input: 1.5, output: 16 },
  })
  assert.deepEqual(price.tiers?.priority?.longPrompt, {
    above: 9,
    rates: {
      input: 4_000_000,
      cachedInput: 2_000_000,
      cacheWrite: 4_000_000,
      output: 16_000_000,
      audio: { input: 50_000_000, cachedInput: 50_000_000, output: 60_000_000 },
    },
  })
})

test('refuses amounts that cannot be represented exactly, naming the key', () => {
  for (const amount of [-1, 0.0000001, 1 / 3, Number.NaN, Number.POSITIVE_INFINITY, 1e12]) {
    assert.equal(isExactRate(amount), false)
    assert.throws(() => priceOfList({ input: 1, output: amount }), /output: .* is not a whole number/)
    const batch = { input: 1, cache_write: amount, output: 1 }
    assert.throws(() => priceOfList({ input: 1, output: 1, batch }), /cache_write: .* is not a whole number/)
  }
})
