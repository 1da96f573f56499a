import pg from 'pg'
import { openPostgresReader } from '../../../src/ledger/redis-postgres/reader.ts'
import { type Store, startPostgres } from '../../support/stores.ts'
import { say } from './figures.ts'
import type { Filling } from './fill.ts'
import { fillPostgres } from './fill-postgres.ts'
import { askAll, measureExport } from './questions.ts'

/** The same on a separate PostgreSQL with its package's default configuration; fsync is off while filling. */
export async function runPostgres(filling: Filling, runs: number): Promise<void> {
  const server = await startPostgres()
  try {
    await configure(server, `SET fsync = off`, `SET max_wal_size = '8GB'`)
    const took = await fillPostgres(server.url, filling)
    say(`filling ${filling.rows} rows took`, `${(took / 1000).toFixed(1)} s`)
    await configure(server, 'RESET ALL')
    const [row] = await query(server, `SELECT pg_database_size(current_database()) AS bytes`)
    say('the database is', `${(Number(row?.bytes) / 1e9).toFixed(2)} GB`)
    const asked = {
      open: () => openPostgresReader(server.url),
      runs,
      rows: filling.rows,
      until: filling.until,
    }
    await askAll(asked)
    await measureExport(asked, 3)
    const reader = await openPostgresReader(server.url)
    const started = performance.now()
    const { problems } = await reader.examine()
    say(
      'check --ledger',
      `${((performance.now() - started) / 1000).toFixed(1)} s, ${problems.length} problems`,
    )
    await reader.close()
  } finally {
    await server.dispose()
  }
}

/** Restarts the server for the changes to take effect, which also empties its caches. */
async function configure(server: Store, ...changes: readonly string[]): Promise<void> {
  for (const change of changes) await query(server, `ALTER SYSTEM ${change}`)
  await server.stop()
  await server.start()
}

async function query(server: Store, sql: string): Promise<readonly Record<string, unknown>[]> {
  const client = new pg.Client(server.url)
  await client.connect()
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows
  } finally {
    await client.end()
  }
}
