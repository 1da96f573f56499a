import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import { setTimeout } from 'node:timers/promises'
import { nanoUsd } from '../../../src/base/money.ts'
import { type Hold, isNoRoom, type Ledger } from '../../../src/ledger/ledger.ts'
import { ledgerOf } from '../../../src/ledger/sqlite/ledger.ts'
import { openStore, type Store } from '../../../src/ledger/sqlite/open.ts'
import { openLedgerReader } from '../../../src/ledger/sqlite/reader.ts'
import { StoreError } from '../../../src/ledger/store-error.ts'
import { budget, closing, openRow, refusedRow } from '../../support/ledger-rows.ts'
import { temporaryDirectory } from '../../support/temporary-directory.ts'

const AT = Date.UTC(2026, 10, 18)
const ALL = budget(1_000_000)

/** A full disk as SQLite sees it: the file cannot grow by a page until `free`. */
function fill({ database }: Store): { free(): void } {
  const pages = Number(database.prepare('PRAGMA page_count').get()?.page_count)
  database.exec(`PRAGMA max_page_count = ${pages}`)
  return { free: () => database.exec('PRAGMA max_page_count = 1000000') }
}

async function holdOne(ledger: Ledger, prompt: string | null = null): Promise<Hold> {
  const asked = { atMost: nanoUsd(100), atLeast: nanoUsd(100) }
  const hold = await ledger.hold(openRow(AT, { prompt }), [ALL], asked)
  assert.ok(!isNoRoom(hold))
  return hold
}

test('a full disk refuses new holds; settled costs are kept and written once there is room', async () => {
  const directory = temporaryDirectory()
  const file = join(directory.path, 'ledger.db')
  const store = openStore(file)
  const ledger = ledgerOf(store)
  try {
    const open = [await holdOne(ledger), await holdOne(ledger)]
    const disk = fill(store)
    const large = 'x'.repeat(20_000)
    await assert.rejects(holdOne(ledger, large), StoreError)
    await assert.rejects(ledger.record(refusedRow(AT, { prompt: large })), StoreError)
    const health = ledger.health()
    assert.ok(!health.ok && health.why.includes(file) && /full/.test(health.why), JSON.stringify(health))
    assert.deepEqual(standing(ledger), { spent: 0, held: 200 })

    const settled = open.map((hold) => hold.settle(closing(60, { adapted: large })))
    await assert.rejects(holdOne(ledger, large), StoreError)
    assert.deepEqual(standing(ledger), { spent: 120, held: 0 })
    assert.deepEqual(costsIn(file), [null, null])

    disk.free()
    assert.deepEqual(await Promise.all(settled), [true, true])
    assert.deepEqual(ledger.health(), { ok: true })
    assert.deepEqual(costsIn(file), [60, 60])
    await (await holdOne(ledger, large)).settle(closing(1))
    assert.deepEqual(standing(ledger), { spent: 121, held: 0 })
  } finally {
    await ledger.close()
    directory.dispose()
  }
})

test('a ledger notices by itself that the disk has room again', async () => {
  const directory = temporaryDirectory()
  const store = openStore(join(directory.path, 'ledger.db'))
  const ledger = ledgerOf(store)
  try {
    const disk = fill(store)
    await assert.rejects(holdOne(ledger, 'x'.repeat(20_000)), StoreError)
    assert.equal(ledger.health().ok, false)
    disk.free()
    for (let waits = 0; waits < 200 && !ledger.health().ok; waits += 1) await setTimeout(20)
    assert.deepEqual(ledger.health(), { ok: true })
  } finally {
    await ledger.close()
    directory.dispose()
  }
})

test('a hold that a full disk kept from being settled is settled at its bound by the next start', async () => {
  const directory = temporaryDirectory()
  const file = join(directory.path, 'ledger.db')
  const store = openStore(file)
  const ledger = ledgerOf(store)
  try {
    const hold = await holdOne(ledger)
    fill(store)
    const settled = hold.settle(closing(60, { adapted: 'x'.repeat(20_000) }))
    await Promise.all([assert.rejects(ledger.close(), StoreError), assert.rejects(settled, StoreError)])
    const again = ledgerOf(openStore(file))
    assert.deepEqual(standing(again), { spent: 100, held: 0 })
    await again.close()
  } finally {
    directory.dispose()
  }
})

function standing(ledger: Ledger): { spent: number; held: number } {
  const [balance] = ledger.balances([ALL], AT)
  return { spent: balance?.spent ?? Number.NaN, held: balance?.held ?? Number.NaN }
}

function costsIn(file: string): readonly (number | null)[] {
  const reader = openLedgerReader(file)
  const costs = [...reader.rows({})].map(({ cost_nusd }) => cost_nusd)
  reader.close()
  return costs
}
