import { parseArgs } from 'node:util'
import { allGood } from '../ledger/figures.ts'
import { runPostgres } from './run-postgres.ts'
import { runSqlite } from './run-sqlite.ts'

const HELP = `node test/bench/console/run.ts [--store sqlite|postgres] [--rows 10000000] [--days 30] [--runs 50] [--keep FILE]

Fills a ledger with so many rows (about 0.5 GB a million, in the temporary folder), starts the whole program on it in a
process of its own, and asks every view of the console as its pages do: one request each. Also says how long the first
counting takes, what the event loop is held up by meanwhile, and what memory the program has. A file that is named by
--keep stays, and is filled only where it is not there yet. Exits 1 when the p95 of a view is above 200 ms.`

const { values } = parseArgs({
  options: {
    store: { type: 'string', default: 'sqlite' },
    rows: { type: 'string', default: '10000000' },
    days: { type: 'string', default: '30' },
    runs: { type: 'string', default: '50' },
    keep: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
})
if (values.help) {
  console.log(HELP)
} else {
  const filling = { rows: Number(values.rows), days: Number(values.days), until: Date.now() }
  const runs = Number(values.runs)
  if (values.store === 'postgres') await runPostgres(filling, runs)
  else await runSqlite(filling, runs, values.keep)
  process.exitCode = allGood() ? 0 : 1
}
