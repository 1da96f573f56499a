import assert from 'node:assert/strict'
import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { nanoUsd } from '../../../src/base/money.ts'
import { WINDOWS } from '../../../src/budget/budget.ts'
import { isNoRoom, type Ledger } from '../../../src/ledger/ledger.ts'
import type { OpenRow } from '../../../src/ledger/row.ts'
import { ledgerOf } from '../../../src/ledger/sqlite/ledger.ts'
import { openStore } from '../../../src/ledger/sqlite/open.ts'
import { openLedgerReader } from '../../../src/ledger/sqlite/reader.ts'
import { prepareStep } from '../../../src/ledger/sqlite/upkeep.ts'
import { budget, closing, openRow, refusedRow } from '../../support/ledger-rows.ts'
import { temporaryDirectory } from '../../support/temporary-directory.ts'

const HOUR = 3_600_000
const DAY = 24 * HOUR
const START = Date.UTC(2026, 9, 20)
const ROWS = 1_000
/** Ten days of requests. */
const STEP = 864_000
const END = START + ROWS * STEP

function newFile(t: TestContext): string {
  const directory = temporaryDirectory()
  t.after(() => directory.dispose())
  return join(directory.path, 'ledger.db')
}

function open(file: string) {
  const store = openStore(file)
  return { ledger: ledgerOf(store), store, step: prepareStep(store.database) }
}

async function request(ledger: Ledger, row: OpenRow, cost: number): Promise<void> {
  const hold = await ledger.hold(row, [], { atMost: nanoUsd(5_000), atLeast: nanoUsd(5_000) })
  assert.ok(!isNoRoom(hold))
  await hold.settle(closing(cost))
}

async function fill(ledger: Ledger): Promise<void> {
  for (let count = 0; count < ROWS; count += 100)
    await Promise.all(
      Array.from({ length: 100 }, (_, place) => {
        const at = START + (count + place) * STEP
        return request(ledger, openRow(at, { key: place % 3 === 0 ? 'lab' : 'ci' }), 100 + count + place)
      }),
    )
}

function tidy(step: ReturnType<typeof prepareStep>, keptSince: number, promptsSince = 0): void {
  for (let done = step(keptSince, promptsSince); done !== 'nothing'; ) done = step(keptSince, promptsSince)
}

test('deleting rows leaves every sum, balance and window unchanged to the nano-dollar', async (t) => {
  const file = newFile(t)
  const { ledger, step } = open(file)
  await fill(ledger)
  const budgets = WINDOWS.flatMap((per) => [budget(1, per), budget(1, per, 'lab')])
  const moments = [START + 5 * HOUR, START + 3 * DAY + HOUR, END - 1]
  const reader = openLedgerReader(file)
  const told = () => ({
    all: reader.spend('team', {}),
    byDay: reader.spend('day', {}),
    byKey: reader.spend('key', { since: START + 7 * HOUR, until: START + 31 * HOUR }),
    acrossTheCut: reader.spend('model', { since: START + 9 * HOUR, until: END - 7 * HOUR - 1 }),
  })
  const spent = (of: Ledger) => moments.map((at) => of.balances(budgets, at).map((balance) => balance.spent))
  const before = told()
  const balances = spent(ledger)

  const keptSince = START + 6 * DAY
  tidy(step, keptSince)
  const rows = [...reader.rows({})]
  assert.equal(rows.length, ROWS - 600)
  assert.ok(rows.every(({ at }) => at >= keptSince))
  assert.equal(reader.keptSince(), keptSince)
  assert.deepEqual(told(), before)
  assert.deepEqual(spent(ledger), balances)
  // Nothing finer than the hour is known of deleted rows.
  const part = { since: START + 3 * HOUR + 1, until: START + 4 * HOUR - 1 }
  assert.deepEqual(
    reader.spend('team', part),
    reader.spend('team', { since: START + 3 * HOUR, until: START + 4 * HOUR }),
  )
  await ledger.close()
  const again = open(file)
  t.after(() => again.ledger.close())
  assert.deepEqual(spent(again.ledger), balances)
  assert.deepEqual(told(), before)
  reader.close()
})

test('after all rows were deleted, a row from a clock that went back is still counted', async (t) => {
  const file = newFile(t)
  const { ledger: first } = open(file)
  await fill(first)
  await first.close()
  const { ledger: second, store, step } = open(file)
  tidy(step, END + 2 * DAY)
  assert.equal(store.database.prepare('SELECT count(*) AS rows FROM ledger').get()?.rows, 0)
  await second.close()
  const { ledger: third } = open(file)
  const [balance] = third.balances([budget(1)], START)
  await request(third, openRow(START), 77)
  await third.close()
  const { ledger: fourth } = open(file)
  t.after(() => fourth.close())
  assert.equal(fourth.balances([budget(1)], START)[0]?.spent, (balance?.spent ?? 0) + 77)
})

test('rows that no tally has counted are not deleted, however old', async (t) => {
  const file = newFile(t)
  const { ledger, step } = open(file)
  const inFlight = await ledger.hold(openRow(START), [], { atMost: nanoUsd(9), atLeast: nanoUsd(9) })
  assert.ok(!isNoRoom(inFlight))
  await fill(ledger)
  tidy(step, END)
  const reader = openLedgerReader(file)
  t.after(() => reader.close())
  assert.equal([...reader.rows({})].length, ROWS + 1)
  await inFlight.settle(closing(9))
  await ledger.close()
})

test('an expired prompt is erased from the file, and its row stays', async (t) => {
  const file = newFile(t)
  const { ledger, step } = open(file)
  const secret = 'the patient in room twelve'
  for (let count = 0; count < 300; count += 1)
    await ledger.record(refusedRow(START + count * HOUR, { prompt: `${secret} ${count} `.repeat(100) }))
  tidy(step, 0, START + 200 * HOUR)
  const reader = openLedgerReader(file)
  const rows = [...reader.rows({})]
  reader.close()
  assert.equal(rows.length, 300)
  assert.deepEqual(
    rows.map(({ prompt }) => prompt !== null),
    rows.map(({ at }) => at >= START + 200 * HOUR),
  )
  tidy(step, 0, END + 300 * DAY)
  await ledger.close()
  assert.ok(!readFileSync(file).includes(secret))
})

test('the space of deleted rows is returned to the disk', async (t) => {
  const file = newFile(t)
  const { ledger } = open(file)
  for (let count = 0; count < 6_000; count += 500)
    await Promise.all(
      Array.from({ length: 500 }, (_, place) =>
        ledger.record(refusedRow(START + (count + place) * 1_000, { adapted: 'x'.repeat(2_000) })),
      ),
    )
  await ledger.close()
  const full = statSync(file).size
  const again = open(file)
  tidy(again.step, END)
  await again.ledger.close()
  assert.ok(statSync(file).size < full / 2, `${statSync(file).size} of ${full} bytes are left`)
})
