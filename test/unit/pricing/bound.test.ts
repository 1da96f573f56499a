import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { encode } from 'gpt-tokenizer/encoding/o200k_base'
import { MOST, nanoUsd } from '../../../src/base/money.ts'
import type { Target } from '../../../src/base/target.ts'
import { SERVICE_TIERS, type ServiceTier, type Usage } from '../../../src/base/usage.ts'
import { atStandardTier, capWithin, inputBound, worstCase } from '../../../src/pricing/bound.ts'
import { costOf } from '../../../src/pricing/cost.ts'
import type { Price, Rates, TierPrice } from '../../../src/pricing/price-book.ts'

const target: Target = {
  model: 'gpt-4o',
  upstream: 'openai',
  sentModel: 'gpt-4o',
  context: 128_000,
  maxOutput: 16_384,
  reasoning: false,
  tokenizer: 'o200k_base',
  capabilities: new Set(),
  effort: undefined,
  doubted: new Set(),
  refuses: [],
  onlyFor: undefined,
  images: { kind: 'tiles', base: 85, tile: 170 },
  shutdownAt: undefined,
  stays: false,
}

const pico = fc.integer({ min: 0, max: 150_000_000 })
const medium = fc.record({ input: pico, cachedInput: pico, output: pico })
const rates: fc.Arbitrary<Rates> = fc.record(
  { input: pico, cachedInput: pico, cacheWrite: pico, output: pico, audio: medium, image: medium },
  { requiredKeys: ['input', 'cachedInput', 'cacheWrite', 'output'] },
)
const tierPrice: fc.Arbitrary<TierPrice> = fc.oneof(
  rates,
  fc
    .record({ base: rates, above: fc.integer({ min: 0, max: 200_000 }), long: rates })
    .map(({ base, above, long }) => ({ ...base, longPrompt: { above, rates: long } })),
)
const price: fc.Arbitrary<Price> = fc.oneof(
  tierPrice,
  fc
    .record({
      standard: tierPrice,
      tiers: fc.record({ batch: tierPrice, flex: tierPrice, priority: tierPrice }, { requiredKeys: [] }),
    })
    .map(({ standard, tiers }) => ({ ...standard, tiers })),
)
const tokens = fc.integer({ min: 0, max: 1_000_000 })
const answers = fc.integer({ min: 1, max: 16 })

/** Shares in thousandths by which usage is divided into its parts. */
const parts = fc.array(fc.nat(1000), { minLength: 9, maxLength: 9 })
const tier = fc.option(fc.constantFrom(...SERVICE_TIERS), { nil: undefined })

function usageOf(input: number, outputTokens: number, parts: readonly number[], tier?: ServiceTier): Usage {
  const share = (of: number, place: number) => Math.floor((of * (parts[place] ?? 0)) / 1000)
  const inputTokens = share(input, 0)
  const audio = share(inputTokens, 1)
  const image = share(inputTokens - audio, 2)
  const cached = { audio: share(audio, 3), image: share(image, 4) }
  const text = inputTokens - audio - image
  const cachedText = share(text, 5)
  const spoken = share(outputTokens, 6)
  return {
    inputTokens,
    cachedTokens: cachedText + cached.audio + cached.image,
    cacheWriteTokens: share(text - cachedText, 7),
    outputTokens,
    reasoningTokens: 0,
    audio: { input: audio, cached: cached.audio, output: spoken },
    image: { input: image, cached: cached.image, output: share(outputTokens - spoken, 8) },
    ...(tier !== undefined && { tier }),
  }
}

test('no usage within the bounds costs more than the worst case, in any composition or tier', () => {
  fc.assert(
    fc.property(price, tokens, tokens, answers, parts, tier, (price, input, cap, n, parts, tier) => {
      const bound = worstCase(price, input, cap, n)
      if (bound === MOST) return
      assert.ok(costOf(usageOf(input, cap * n, parts, tier), price) <= bound)
      assert.ok(
        costOf(usageOf(input, cap * n, parts), price) <= worstCase(atStandardTier(price), input, cap, n),
      )
    }),
    { numRuns: 5000, endOnFailure: true },
  )
})

test('the bound for the standard tier alone ignores the rates of other tiers', () => {
  const standard = { input: 1000, cachedInput: 1000, cacheWrite: 1000, output: 1000 }
  const dear = { input: 9000, cachedInput: 9000, cacheWrite: 9000, output: 9000 }
  const price = { ...standard, tiers: { priority: dear } }
  assert.equal(worstCase(price, 10, 5, 2), 10 * 9 + 10 * 9)
  assert.equal(worstCase(atStandardTier(price), 10, 5, 2), 10 + 10)
  assert.equal(atStandardTier(standard), standard)
})

test('the cap within an amount is the largest whose worst case fits', () => {
  const money = fc.oneof(
    fc.integer({ min: 0, max: 2_000_000_000 }),
    fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER - 1 }),
  )
  let fitted = 0
  fc.assert(
    fc.property(price, tokens, answers, money, (price, input, n, amount) => {
      const cap = capWithin(price, input, n, nanoUsd(amount))
      if (cap === Number.MAX_SAFE_INTEGER) return
      if (cap >= 0) {
        fitted += 1
        assert.ok(worstCase(price, input, cap, n) <= amount)
      }
      assert.ok(worstCase(price, input, cap + 1, n) > amount)
    }),
    { numRuns: 3000 },
  )
  assert.ok(fitted > 100, 'the property looked at caps that fit')
})

test('no cap is too large where output is free', () => {
  const free = { input: 1000, cachedInput: 1000, cacheWrite: 1000, output: 0 }
  assert.equal(capWithin(free, 10, 1, nanoUsd(10)), Number.MAX_SAFE_INTEGER)
  assert.equal(capWithin(free, 11, 1, nanoUsd(10)), -1)
})

test('an amount too large to be exact counts as more than any budget', () => {
  const dear = { input: 1, cachedInput: 1, cacheWrite: 1, output: 60_000_000 }
  assert.equal(worstCase(dear, 1, Number.MAX_SAFE_INTEGER, 2), MOST)
})

test('the bound of any text is at least the tokenizer’s count', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: 'binary', maxLength: 200 }), { minLength: 1 }), (messages) => {
      const textBytes = messages.reduce((sum, text) => sum + Buffer.byteLength(text), 0)
      const counted = messages.reduce((sum, text) => sum + encode(text).length + 5, 3 + 7)
      const size = { textBytes, messages: messages.length, images: [], unbounded: false }
      assert.ok(inputBound(size, target) >= counted)
    }),
  )
})

test('leaves room for what the vendor adds around messages', () => {
  // Recorded on o1-mini with one empty message: 3 for the request, 4 for the message, 7 more.
  const empty = { textBytes: 0, messages: 1, images: [], unbounded: false }
  assert.ok(inputBound(empty, target) >= 14)
})

test('adds images by formula', () => {
  const plain = { textBytes: 100, messages: 1, images: [], unbounded: false }
  const image = { ...plain, images: [{ detail: 'high', width: 1024, height: 1024 } as const] }
  // 1024 x 1024 becomes 768 x 768: four tiles of 170 on 85
  assert.equal(inputBound(image, target) - inputBound(plain, target), 85 + 4 * 170)
})

test('falls back to the context where nothing else bounds, and never goes above it', () => {
  const size = { textBytes: 10, messages: 1, images: [], unbounded: false }
  assert.equal(inputBound({ ...size, unbounded: true }, target), target.context)
  assert.equal(inputBound({ ...size, textBytes: 10_000_000 }, target), target.context)
  assert.equal(
    inputBound({ ...size, images: [{ detail: 'low' }] }, { ...target, images: undefined }),
    target.context,
  )
})
