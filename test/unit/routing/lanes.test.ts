import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { inTurn, type Lane } from '../../../src/routing/lanes.ts'
import { gpt4o } from '../../support/targets.ts'

function lane(upstream: string, weight: number): Lane {
  return { target: { ...gpt4o, upstream }, weight }
}

function firstOf(lanes: readonly Lane[], key: string): string | undefined {
  return inTurn(lanes, key)[0]?.upstream
}

const KEYS = Array.from({ length: 20_000 }, (_, index) => `conversation ${index}`)

test('every place is in the order, and the same key always gives the same order', () => {
  const lanes = fc.uniqueArray(
    fc.record({ name: fc.string(), weight: fc.double({ min: 0.01, max: 100, noNaN: true }) }),
    {
      selector: ({ name }) => name,
      minLength: 1,
      maxLength: 6,
    },
  )
  fc.assert(
    fc.property(lanes, fc.string(), (entries, key) => {
      const all = entries.map(({ name, weight }) => lane(name, weight))
      const order = inTurn(all, key)
      assert.deepEqual(new Set(order), new Set(all.map(({ target }) => target)))
      assert.equal(order.length, all.length)
      assert.deepEqual(inTurn(all.toReversed(), key), order)
    }),
  )
})

test('each place comes first in proportion to its weight', () => {
  const lanes = [lane('a', 1), lane('b', 2), lane('c', 5)]
  const counts = Map.groupBy(KEYS, (key) => firstOf(lanes, key))
  for (const { target, weight } of lanes) {
    const share = (counts.get(target.upstream)?.length ?? 0) / KEYS.length
    assert.ok(Math.abs(share - weight / 8) < 0.015, `${target.upstream}: ${share}`)
  }
})

test('removing a place moves only the keys it came first for', () => {
  const [a, b, c] = [lane('a', 1), lane('b', 1), lane('c', 1)]
  for (const key of KEYS.slice(0, 2000)) {
    const before = firstOf([a, b, c], key)
    if (before !== 'c') assert.equal(firstOf([a, b], key), before)
  }
})
