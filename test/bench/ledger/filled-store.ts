import { parseArgs } from 'node:util'
import { allGood } from './figures.ts'
import type { Filling } from './fill.ts'

/** A benchmark of a full store: its command line, and its runs on either store. */
export interface FilledStoreBench {
  /** The program's file, as it is invoked. */
  readonly program: string
  /** Description for `--help`. */
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

/** Parses the command line and runs the benchmark; the process exits with 1 if a figure is bad. */
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
