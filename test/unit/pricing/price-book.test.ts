import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createPriceBook, pricePerMillion } from '../../../src/pricing/price-book.ts'

const launch = pricePerMillion({ input: 3, cachedInput: 1.5, output: 12 })
const cut = pricePerMillion({ input: 1.1, cachedInput: 0.55, output: 4.4 })
const launchDay = Date.UTC(2024, 8, 12)
const cutDay = Date.UTC(2025, 1, 11)

test('answers the price in force at a moment, whatever the order of the list', () => {
  const book = createPriceBook([
    { model: 'o1-mini', since: cutDay, price: cut },
    { model: 'o1-mini', since: launchDay, price: launch },
  ])
  assert.equal(book.priceOf('o1-mini', launchDay), launch)
  assert.equal(book.priceOf('o1-mini', cutDay - 1), launch)
  assert.equal(book.priceOf('o1-mini', cutDay), cut)
})

test('knows no price before the first date and of no other model', () => {
  const book = createPriceBook([{ model: 'o1-mini', since: launchDay, price: launch }])
  assert.equal(book.priceOf('o1-mini', launchDay - 1), undefined)
  assert.equal(book.priceOf('o1', cutDay), undefined)
})

test('refuses two prices of one model from the same moment', () => {
  const twice = [
    { model: 'o1-mini', since: cutDay, price: cut },
    { model: 'o1-mini', since: cutDay, price: launch },
  ]
  assert.throws(() => createPriceBook(twice), /two prices of o1-mini since 2025-02-11/)
})

test('reads list prices exactly', () => {
  const price = pricePerMillion({ input: 0.15, cachedInput: 0.075, cacheWrite: 0.1875, output: 0.6 })
  assert.deepEqual(price, { input: 150_000, cachedInput: 75_000, cacheWrite: 187_500, output: 600_000 })
})

test('charges what has no price of its own like input', () => {
  assert.deepEqual(pricePerMillion({ input: 5, output: 15 }), {
    input: 5_000_000,
    cachedInput: 5_000_000,
    cacheWrite: 5_000_000,
    output: 15_000_000,
  })
})

test('refuses amounts that are not exact, naming the field', () => {
  for (const amount of [-1, 0.0000001, 1 / 3, Number.NaN, Number.POSITIVE_INFINITY, 1e12])
    assert.throws(() => pricePerMillion({ input: 1, output: amount }), /output: .* is not a whole number/)
})
