import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { ImageRule } from '../../../src/base/target.ts'
import { imageTokens } from '../../../src/pricing/image-tokens.ts'

const gpt4o: ImageRule = { kind: 'tiles', base: 85, tile: 170 }
const gpt4oMini: ImageRule = { kind: 'tiles', base: 2833, tile: 5667 }
const o4Mini: ImageRule = { kind: 'patches', most: 1536, multiplier: 1.72 }

test('counts tiles after fitting, as the vendor’s own examples do', () => {
  // 1024 x 1024 becomes 768 x 768: 2 x 2 tiles
  assert.equal(imageTokens({ detail: 'high', width: 1024, height: 1024 }, gpt4o), 765)
  assert.equal(imageTokens({ detail: 'high', width: 1024, height: 1024 }, gpt4oMini), 2833 + 4 * 5667)
  // 2048 x 4096 becomes 768 x 1536: 2 x 3 tiles
  assert.equal(imageTokens({ detail: 'high', width: 2048, height: 4096 }, gpt4o), 1105)
})

test('charges the base alone at low detail', () => {
  assert.equal(imageTokens({ detail: 'low', width: 4096, height: 8192 }, gpt4o), 85)
})

test('counts patches up to the maximum, rounded up after the multiplier', () => {
  // 33 x 4 patches of 32 pixels, the last column begun: 132 x 1.72 = 227.04
  assert.equal(imageTokens({ detail: 'high', width: 1025, height: 128 }, o4Mini), 228)
  assert.equal(imageTokens({ detail: 'high', width: 9000, height: 9000 }, o4Mini), Math.ceil(1536 * 1.72))
})

test('an image without a known formula has no bound of its own', () => {
  assert.equal(
    imageTokens({ detail: 'low', width: 1, height: 1 }, { kind: 'context' }),
    Number.POSITIVE_INFINITY,
  )
})

test('an image of unknown size costs as much as the largest', () => {
  const side = fc.integer({ min: 1, max: 100_000 })
  fc.assert(
    fc.property(fc.constantFrom(gpt4o, gpt4oMini, o4Mini), side, side, (rule, width, height) => {
      const known = imageTokens({ detail: 'high', width, height }, rule)
      for (const unknown of [{}, { width }, { height }, { width: 0, height }, { width, height: Number.NaN }])
        assert.ok(imageTokens({ detail: 'high', ...unknown }, rule) >= known)
    }),
  )
  assert.equal(
    imageTokens({ detail: 'high' }, gpt4o),
    imageTokens({ detail: 'high', width: 4096, height: 1 }, gpt4o),
  )
})

test('never counts fewer tiles than shrinking alone gives', () => {
  const side = fc.integer({ min: 1, max: 20_000 })
  fc.assert(
    fc.property(side, side, (width, height) => {
      const fit = Math.min(1, 2048 / Math.max(width, height))
      const shrink = fit * Math.min(1, 768 / (Math.min(width, height) * fit))
      const tiles = Math.ceil(Math.round(width * shrink) / 512) * Math.ceil(Math.round(height * shrink) / 512)
      assert.ok(imageTokens({ detail: 'high', width, height }, gpt4o) >= 85 + tiles * 170)
    }),
    { numRuns: 5000 },
  )
})
