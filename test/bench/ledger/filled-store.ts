import { parseArgs } from 'node:util'
import { allGood } from './figures.ts'
import type { Filling } from './fill.ts'

/** How a bench of a full store is called, and how it runs on either. */
export interface FilledStoreBench {
  /** The file of the program, as it is called. */
  readonly program: string
  /** What it does, for `--help`. */
  readonly about: string
  onSqlite(filling: Filling, runs: number, keep: string | undefined): Promise<void>
  onPostgres(filling: Filling, runs: number): Promise<void>
}

const OPTIONS = {
  store: { type: 'string', default: 'sqlite' },
  rows: { type: 'string', default: '10000000' },
  days: { type: 'string', default: '30' },
  runs: { type: 'string', default: '50' },
  keep: { type: 'string' },
  help: { type: 'boolean', default: false },
} as const

/** Reads the call and runs the bench; the process ends with 1 where a figure is not good. */
export async function runOnFilledStore(bench: FilledStoreBench): Promise<void> {
  const { values } = parseArgs({ options: OPTIONS })
  if (values.help) {
    const { store, rows, days, runs } = OPTIONS
    console.log(
      `node ${bench.program} [--store ${store.default}|postgres] [--rows ${rows.default}] [--days ${days.default}] [--runs ${runs.default}] [--keep FILE]\n\n${bench.about}`,
    )
    return
  }
  const filling = { rows: Number(values.rows), days: Number(values.days), until: Date.now() }
  const runs = Number(values.runs)
  if (values.store === 'postgres') await bench.onPostgres(filling, runs)
  else await bench.onSqlite(filling, runs, values.keep)
  process.exitCode = allGood() ? 0 : 1
}
