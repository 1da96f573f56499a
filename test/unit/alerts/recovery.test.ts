import assert from 'node:assert/strict'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { Alerts } from '../../../src/alerts/alerts.ts'
import { nanoUsd } from '../../../src/base/money.ts'
import type { Budget } from '../../../src/budget/budget.ts'
import { isNoRoom } from '../../../src/ledger/ledger.ts'
import { type Books, openBooks } from '../../../src/ledger/sqlite/books.ts'
import { crashedCopy } from '../../support/crashed-copy.ts'
import { budget, closing, openRow } from '../../support/ledger-rows.ts'
import { temporaryDirectory } from '../../support/temporary-directory.ts'

const BEFORE_MIDNIGHT = Date.UTC(2026, 10, 22, 23, 59)
const AFTER_MIDNIGHT = Date.UTC(2026, 10, 23, 0, 1)
const NEXT_NOON = Date.UTC(2026, 10, 23, 12)
const DAY: Budget = { ...budget(1000, 'day'), alertAt: [0.8] }
const KEYS_HOUR: Budget = { ...budget(1000, 'hour', 'ci'), alertAt: [0.8] }
const OTHERS: Budget = { ...budget(1000, 'day', 'lab'), alertAt: [0.8] }

/** The alerts of the next process, started at noon the next day on what `live` left behind when it was killed. */
async function toldAfter(t: TestContext, live: (books: Books) => Promise<void>): Promise<readonly string[]> {
  const directory = temporaryDirectory()
  const file = join(directory.path, 'ledger.db')
  const books = openBooks(file)
  await live(books)
  const copy = crashedCopy(file, `${file}-crashed`)
  await books.ledger.close()
  const next = openBooks(copy)
  t.after(async () => {
    await next.ledger.close()
    directory.dispose()
  })
  const told: string[] = []
  const alerts = new Alerts({
    book: next.alertBook,
    log: { warn: (_, message) => told.push(message), error: () => assert.fail('nothing goes wrong') },
    balances: (budgets, at) => next.ledger.balances(budgets, at),
    budgets: () => [DAY, KEYS_HOUR, OTHERS],
    webhook: () => undefined,
    now: () => NEXT_NOON,
  })
  alerts.start(next.lastMoments)
  await alerts.close()
  assert.equal(await next.alertBook.waiting(), 0)
  return told.map((message) => message.split(':').slice(0, 2).join(':')).toSorted()
}

async function hold({ ledger }: Books, at: number, amount: number) {
  const asked = nanoUsd(amount)
  const held = await ledger.hold(openRow(at), [DAY, KEYS_HOUR], { atMost: asked, atLeast: asked })
  assert.ok(!isNoRoom(held))
  return held
}

test('a crossing that a killed process did not report is reported after the window’s end', async (t) => {
  const told = await toldAfter(t, async (books) => {
    const held = await hold(books, BEFORE_MIDNIGHT, 900)
    await held.settle(closing(850))
  })
  assert.deepEqual(told, [
    'Budget key:research/ci/hour has reached 80 %',
    'Budget team:research/day has reached 80 %',
  ])
})

test('a request left open over midnight and settled at its bound crosses its own day’s threshold', async (t) => {
  const told = await toldAfter(t, async (books) => {
    await hold(books, BEFORE_MIDNIGHT, 900)
    const after = await hold(books, AFTER_MIDNIGHT, 100)
    await after.settle(closing(10))
  })
  assert.deepEqual(told, [
    'Budget key:research/ci/hour has reached 80 %',
    'Budget team:research/day has reached 80 %',
  ])
})

test('a stream that ends after midnight, just before a kill, crosses the threshold of its first day', async (t) => {
  const told = await toldAfter(t, async (books) => {
    const late = await hold(books, BEFORE_MIDNIGHT, 900)
    const after = await hold(books, AFTER_MIDNIGHT, 100)
    await after.settle(closing(10, { msTotal: 100 }))
    await late.settle(closing(850, { msTotal: AFTER_MIDNIGHT + 200 - BEFORE_MIDNIGHT }))
  })
  assert.deepEqual(told, [
    'Budget key:research/ci/hour has reached 80 %',
    'Budget team:research/day has reached 80 %',
  ])
})

test('nothing is reported for an empty store or for budgets with room', async (t) => {
  assert.deepEqual(await toldAfter(t, async () => undefined), [])
  assert.deepEqual(await toldAfter(t, async (books) => void (await hold(books, BEFORE_MIDNIGHT, 799))), [])
})
