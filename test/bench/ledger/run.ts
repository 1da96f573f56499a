import { parseArgs } from 'node:util'
import { allGood } from './figures.ts'
import { runPostgres } from './run-postgres.ts'
import { runSqlite } from './run-sqlite.ts'

const HELP = `node test/bench/ledger/run.ts [--store sqlite|postgres] [--rows 10000000] [--days 30] [--runs 50] [--keep FILE]

Fills a ledger with so many rows (about 0.5 GB a million, in the temporary folder) and asks it what \`trivium spend\`,
\`trivium ledger\` and \`trivium export\` ask; counts are compared with those of the rows themselves. A file is also started
on, written to, and half of it deleted. Exits 1 when a question's p95 is 500 ms or more, the second start or one after
kill -9 takes a second, a step of deleting 250 ms, or a count is wrong.`

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
