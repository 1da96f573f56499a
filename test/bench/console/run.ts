import { runOnFilledStore } from '../ledger/filled-store.ts'
import { runPostgres } from './run-postgres.ts'
import { runSqlite } from './run-sqlite.ts'

const ABOUT = `Fills a ledger with so many rows (about 0.5 GB a million, in the temporary folder), starts the whole program on it in a
process of its own, and asks every view of the console as its pages do: one request each. Also says how long the first
counting takes, what the event loop is held up by meanwhile, and what memory the program has. A file that is named by
--keep stays, and is filled only where it is not there yet. Exits 1 when the p95 of a view is above 200 ms.`

await runOnFilledStore({
  program: 'test/bench/console/run.ts',
  about: ABOUT,
  onSqlite: runSqlite,
  onPostgres: runPostgres,
})
