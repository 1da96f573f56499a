import assert from 'node:assert/strict'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { test } from 'node:test'
import fc from 'fast-check'
import { nanoUsd } from '../../../src/base/money.ts'
import { WINDOWS } from '../../../src/budget/budget.ts'
import { spanAt } from '../../../src/budget/window.ts'
import { isNoRoom } from '../../../src/ledger/ledger.ts'
import { openLedger } from '../../../src/ledger/sqlite/ledger.ts'
import { openLedgerReader } from '../../../src/ledger/sqlite/reader.ts'
import { crashedCopy } from '../../support/crashed-copy.ts'
import { budget, closing, openRow, refusedRow } from '../../support/ledger-rows.ts'
import { temporaryDirectory } from '../../support/temporary-directory.ts'

const START = Date.UTC(2026, 9, 29)
const HOUR = 3_600_000
const TEAMS = ['research', 'sales', 'ops']

/** A ledger of a thousand requests over six days, some long open, that has counted most of them into its tallies. */
async function busyLedger(file: string) {
  const ledger = openLedger(file)
  const ask = { atMost: nanoUsd(500), atLeast: nanoUsd(500) }
  const open = []
  for (let count = 0; count < 1_000; count += 1) {
    // Now and then the clock goes back.
    const at = START + count * 520_000 - (count % 50 === 0 ? 3 * HOUR : 0)
    const row = openRow(at, { team: TEAMS[count % 3] ?? '', key: count % 2 === 0 ? 'ci' : 'lab' })
    const hold = await ledger.hold(row, [], ask)
    assert.ok(!isNoRoom(hold))
    if (count > 900 && count % 30 === 0) open.push(hold)
    else hold.settle(closing(100 + count))
  }
  return { ledger, open, until: START + 1_000 * 520_000 }
}

test('sums from tallies equal those of the rows over any period, before and after a crash', async (t) => {
  const directory = temporaryDirectory()
  t.after(() => directory.dispose())
  const file = join(directory.path, 'ledger.db')
  const { ledger, until } = await busyLedger(file)
  t.after(() => ledger.close())
  await ledger.record(refusedRow(until))
  const dead = crashedCopy(file, join(directory.path, 'dead.db'))
  const revived = openLedger(dead)
  t.after(() => revived.close())

  for (const path of [file, dead]) {
    const database = new DatabaseSync(path, { readOnly: true })
    const { folded } =
      database
        .prepare('SELECT (SELECT count(*) FROM ledger WHERE seq <= folded) AS folded FROM tally_mark')
        .get() ?? {}
    database.close()
    assert.ok(Number(folded) >= 512, `${folded} rows are counted`)
    const reader = openLedgerReader(path)
    const rows = [...reader.rows({})]
    assert.equal(rows.length, 1_001)
    const moment = fc.integer({ min: START - 30 * HOUR, max: until + 30 * HOUR })
    const team = fc.constantFrom(undefined, ...TEAMS, 'nobody')
    fc.assert(
      fc.property(moment, moment, team, (one, other, team) => {
        const [since, end] = one < other ? [one, other] : [other, one]
        const wanted = rows.filter(
          (row) => row.at >= since && row.at < end && (team ?? row.team) === row.team,
        )
        const lines = reader.spend('team', { since, until: end, team })
        for (const name of TEAMS) {
          const own = wanted.filter((row) => row.team === name)
          const line = lines.find(({ group }) => group === name)
          assert.equal(line?.requests ?? 0, own.length)
          assert.equal(
            line?.cost_nusd ?? 0,
            own.reduce((sum, row) => sum + (row.cost_nusd ?? 0), 0),
          )
          assert.equal(
            line?.output_tokens ?? 0,
            own.reduce((sum, row) => sum + (row.output_tokens ?? 0), 0),
          )
        }
      }),
      { numRuns: 300 },
    )
    reader.close()
  }

  const reader = openLedgerReader(dead)
  const rows = [...reader.rows({ team: 'research' })]
  reader.close()
  assert.equal(rows.filter(({ outcome }) => outcome === null).length, 0)
  for (const at of [until, until - 30 * HOUR]) {
    for (const per of WINDOWS) {
      const span = spanAt(per, at)
      const spent = rows
        .filter((row) => row.at >= span.start && (span.end === null || row.at < span.end))
        .reduce((sum, row) => sum + (row.cost_nusd ?? 0), 0)
      assert.equal(
        revived.balances([budget(1, per)], at)[0]?.spent,
        spent,
        `${per} of ${new Date(at).toISOString()}`,
      )
    }
  }
})

test('paging by ID returns every row in order and skips none', async (t) => {
  const directory = temporaryDirectory()
  t.after(() => directory.dispose())
  const file = join(directory.path, 'ledger.db')
  const { ledger } = await busyLedger(file)
  t.after(() => ledger.close())
  const reader = openLedgerReader(file)
  t.after(() => reader.close())
  const all = [...reader.rows({ team: 'sales' })].map(({ id }) => id)
  const paged: string[] = []
  let before: string | undefined
  for (;;) {
    const page = [...reader.rows({ team: 'sales', before }, 70)].map(({ id }) => id)
    if (page.length === 0) break
    paged.unshift(...page)
    before = page[0]
  }
  assert.deepEqual(paged, all)
  for (const id of all) assert.equal(reader.row(id)?.id, id)
})
