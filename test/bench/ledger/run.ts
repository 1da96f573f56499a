import { runOnFilledStore } from './filled-store.ts'
import { runPostgres } from './run-postgres.ts'
import { runSqlite } from './run-sqlite.ts'

const ABOUT = `Fills a ledger with so many rows (about 0.5 GB a million, in the temporary folder) and asks it what \`trivium spend\`,
\`trivium ledger\` and \`trivium export\` ask; counts are compared with those of the rows themselves. A file is also started
on, written to, and half of it deleted. Exits 1 when a question's p95 is 500 ms or more, the second start or one after
kill -9 takes a second, a step of deleting 250 ms, or a count is wrong.`

await runOnFilledStore({
  program: 'test/bench/ledger/run.ts',
  about: ABOUT,
  onSqlite: runSqlite,
  onPostgres: runPostgres,
})
