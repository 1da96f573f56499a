import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { formatUsd, fromUsd, MOST, nanoUsd, toUsd } from '../../../src/base/money.ts'

test('prints nano-dollars with nine places and the right sign', () => {
  assert.equal(formatUsd(nanoUsd(1)), '0.000000001')
  assert.equal(formatUsd(nanoUsd(1_234_500)), '0.001234500')
  assert.equal(formatUsd(nanoUsd(12_000_000_000)), '12.000000000')
  assert.equal(formatUsd(nanoUsd(-5)), '-0.000000005')
})

test('turns dollars into nano-dollars and back without drift', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 1_000_000_000 }), (micro) => {
      const usd = micro / 1_000_000
      assert.equal(toUsd(fromUsd(usd)), usd)
    }),
  )
})

test('refuses sums that are no longer exact', () => {
  assert.throws(() => nanoUsd(MOST + 1), RangeError)
  assert.throws(() => nanoUsd(0.5), RangeError)
})
