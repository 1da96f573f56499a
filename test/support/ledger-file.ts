import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { nanoUsd } from '../../src/base/money.ts'
import { openLedger } from '../../src/ledger/sqlite/ledger.ts'
import { refusedRow } from './ledger-rows.ts'
import { temporaryDirectory } from './temporary-directory.ts'

export const AT = Date.UTC(2026, 10, 18)
export const ROWS = 2_000
export const ALL_SPENT = (ROWS * (7 + 7 + ROWS - 1)) / 2
export const PAGE = 4096

/**
 * A closed ledger file with the ids of its rows: one row a minute, each one nano-dollar dearer than the last.
 */
export async function ledgerFile(t: TestContext) {
  const directory = temporaryDirectory()
  t.after(() => directory.dispose())
  const file = join(directory.path, 'ledger.db')
  const ledger = openLedger(file)
  const rows = Array.from({ length: ROWS }, (_, count) =>
    refusedRow(AT + count * 60_000, { cost: nanoUsd(7 + count), outcome: 'ok' }),
  )
  await Promise.all(rows.map((row) => ledger.record(row)))
  await ledger.close()
  await openLedger(file).close()
  return { file, ids: rows.map(({ id }) => id) }
}

/** Overwrites one or more pages (0-based) with garbage. */
export function overwrite(file: string, page: number, count = 1): void {
  const bytes = readFileSync(file)
  bytes.fill(0x5a, page * PAGE, (page + count) * PAGE)
  writeFileSync(file, bytes)
}
