import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openLedger } from '../../../src/ledger/sqlite/ledger.ts'
import { openLedgerReader } from '../../../src/ledger/sqlite/reader.ts'
import { crashedCopy } from '../../support/crashed-copy.ts'
import { check, say } from './figures.ts'
import { type Filling, fill } from './fill.ts'
import { askAll, measureExport } from './questions.ts'
import { measureUpkeep } from './upkeep.ts'
import { measureWrites } from './writes.ts'

const START_MS = 1_000

/** Fills a ledger's file, starts on it, queries it, writes to it, and deletes half of it. */
export async function runSqlite(filling: Filling, runs: number, keep: string | undefined): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'trivium-ledger-'))
  const file = keep ?? join(folder, 'ledger.db')
  try {
    const took = await fill(file, filling)
    say(`filling ${filling.rows} rows took`, `${(took / 1000).toFixed(1)} s`)
    say('the file is', `${(statSync(file).size / 1e9).toFixed(2)} GB`)
    say('the first start, which counts all of them', `${((await start(file)) / 1000).toFixed(1)} s`)
    const again = await start(file)
    say('a start', `${again.toFixed(0)} ms${check(again < START_MS)}`)
    const asked = { open: () => openLedgerReader(file), runs, rows: filling.rows, until: filling.until }
    await askAll(asked)
    await measureExport(asked, 3)
    const writeUs = await measureWrites(file, 100_000, 64)
    say('a request held and settled, 64 at a time', `${writeUs.toFixed(1)} µs CPU`)
    if (keep !== undefined) return
    const ledger = openLedger(file)
    const dead = crashedCopy(file, join(folder, 'dead.db'))
    await ledger.close()
    const after = await start(dead)
    say('a start after kill -9', `${after.toFixed(0)} ms${check(after < START_MS)}`)
    rmSync(dead)
    await measureUpkeep(file, filling)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

async function start(from: string): Promise<number> {
  const started = performance.now()
  const ledger = openLedger(from)
  const tookMs = performance.now() - started
  await ledger.close()
  return tookMs
}
