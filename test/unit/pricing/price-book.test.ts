import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createPriceBook } from '../../../src/pricing/price-book.ts'
import { priceOfList } from '../../../src/pricing/price-list.ts'

const launch = priceOfList({ input: 3, cached_input: 1.5, output: 12 })
const cut = priceOfList({ input: 1.1, cached_input: 0.55, output: 4.4 })
const launchDay = Date.UTC(2024, 8, 12)
const cutDay = Date.UTC(2025, 1, 11)

test('returns the price in force at a given time, whatever the order of the list', () => {
  const book = createPriceBook([
    { model: 'o1-mini', since: cutDay, price: cut },
    { model: 'o1-mini', since: launchDay, price: launch },
  ])
  assert.equal(book.priceOf('o1-mini', launchDay), launch)
  assert.equal(book.priceOf('o1-mini', cutDay - 1), launch)
  assert.equal(book.priceOf('o1-mini', cutDay), cut)
})

test('has no price before the first date, and none for other models', () => {
  const book = createPriceBook([{ model: 'o1-mini', since: launchDay, price: launch }])
  assert.equal(book.priceOf('o1-mini', launchDay - 1), undefined)
  assert.equal(book.priceOf('o1', cutDay), undefined)
})

test('refuses two prices of one model with the same start', () => {
  const twice = [
    { model: 'o1-mini', since: cutDay, price: cut },
    { model: 'o1-mini', since: cutDay, price: launch },
  ]
  assert.throws(() => createPriceBook(twice), /two prices of o1-mini since 2025-02-11/)
})
