import assert from 'node:assert/strict'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { type TestContext, test } from 'node:test'
import { MOST, nanoUsd } from '../../../src/base/money.ts'
import { spend } from '../../../src/cli/spend.ts'
import { openLedger } from '../../../src/ledger/sqlite/ledger.ts'
import { budget, openRow, refusedRow } from '../../support/ledger-rows.ts'
import { temporaryDirectory } from '../../support/temporary-directory.ts'
import { capture } from '../cli/capture.ts'

const AT = Date.UTC(2026, 10, 18)
const DAY = 86_400_000
const ASK = { atMost: nanoUsd(1), atLeast: nanoUsd(1) }

/** A store whose requests, in order, belong to these teams and cost these amounts. */
async function storeOf(t: TestContext, costs: readonly (readonly [team: string, cost: bigint])[]) {
  const directory = temporaryDirectory()
  t.after(() => directory.dispose())
  const file = join(directory.path, 'ledger.db')
  const ledger = openLedger(file)
  for (const [team] of costs) await ledger.record(refusedRow(AT, { team }))
  await ledger.close()
  const database = new DatabaseSync(file)
  const seqs = database.prepare('SELECT seq FROM ledger ORDER BY seq').all()
  const price = database.prepare('UPDATE ledger SET cost_nusd = ?, baseline_nusd = ? WHERE seq = ?')
  costs.forEach(([, cost], index) => {
    price.run(cost, cost, Number(seqs[index]?.seq))
  })
  database.close()
  return file
}

const LARGEST = 2n ** 63n - 1n

test('a store whose costs overflow an integer opens, and the budget they count against is exhausted', async (t) => {
  const file = await storeOf(t, [
    ['research', LARGEST],
    ['research', LARGEST],
    ['sales', 5n],
  ])
  const ledger = openLedger(file)
  t.after(() => ledger.close())
  const [research, sales] = ledger.balances([budget(MOST), budget(10, 'total', undefined, 'sales')], AT)
  assert.equal(research?.spent, MOST)
  assert.equal(sales?.spent, 5)
  const refused = await ledger.hold(openRow(AT), [budget(MOST)], ASK)
  assert.equal('refused' in refused && refused.refused, 'exhausted')
  // Going back to an earlier window sums its rows once more.
  assert.equal(ledger.balances([budget(MOST, 'day')], AT + 2 * DAY)[0]?.spent, 0)
  assert.equal(ledger.balances([budget(MOST, 'day')], AT)[0]?.spent, MOST)
})

test('sums below the maximum stay exact to the nano-dollar', async (t) => {
  const half = BigInt((MOST - 1) / 2)
  const file = await storeOf(t, [
    ['research', half],
    ['research', half],
    ['research', 0n],
  ])
  const ledger = openLedger(file)
  t.after(() => ledger.close())
  const [balance] = ledger.balances([budget(MOST)], AT)
  assert.equal(balance?.spent, MOST - 1)
})

test('trivium spend prints absurd costs as the maximum', async (t) => {
  const store = await storeOf(t, [
    ['research', LARGEST],
    ['research', LARGEST],
    ['sales', LARGEST],
  ])
  const io = capture()
  assert.equal(await spend.run(['--store', store], io), 0)
  assert.match(io.out(), /research.*9007199\.254740/)
  assert.match(io.out(), /total.*9007199\.254740/)
})
