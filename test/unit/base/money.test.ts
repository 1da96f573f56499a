import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { formatUsd, fromUsd, MOST, nanoUsd, plainUsd, toUsd } from '../../../src/base/money.ts'

test('prints nano-dollars with nine places and the right sign', () => {
  assert.equal(formatUsd(nanoUsd(1)), '0.000000001')
  assert.equal(formatUsd(nanoUsd(1_234_500)), '0.001234500')
  assert.equal(formatUsd(nanoUsd(12_000_000_000)), '12.000000000')
  assert.equal(formatUsd(nanoUsd(-5)), '-0.000000005')
})

test('prints dollars for people exactly, with no more places than it takes and no fewer than two', () => {
  assert.equal(plainUsd(nanoUsd(0)), '0.00')
  assert.equal(plainUsd(nanoUsd(40_000_000_000)), '40.00')
  assert.equal(plainUsd(nanoUsd(100_500_000_000)), '100.50')
  assert.equal(plainUsd(nanoUsd(10_913_300)), '0.0109133')
  assert.equal(plainUsd(nanoUsd(-1)), '-0.000000001')
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
