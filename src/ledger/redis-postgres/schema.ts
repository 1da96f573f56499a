import type pg from 'pg'
import { lockUntilCommit, openDatabase, transact, type Use, unhurried } from './database.ts'
import { MIGRATIONS } from './migrations/steps.ts'
import { storeErrorOf } from './postgres-error.ts'

/** Held during schema changes, so that replicas starting together apply them once. */
export const MIGRATION_LOCK = 'trivium:migration'

/**
 * Migrates an empty or older database to this program's schema, in one transaction. Throws for a newer
 * schema, and for a database that cannot be written even if its schema is current: rows would pile up in
 * Redis forever.
 */
export async function migrate(pool: pg.Pool): Promise<void> {
  await transact(pool, async (client) => {
    const { rows } = await client.query('SHOW transaction_read_only')
    if (rows[0]?.transaction_read_only === 'on')
      throw new Error('it is read-only, as a standby is; the ledger needs one that it can write to')
    await lockUntilCommit(client, MIGRATION_LOCK)
    await client.query(
      'CREATE TABLE IF NOT EXISTS trivium_schema (version integer PRIMARY KEY, applied_at timestamptz NOT NULL)',
    )
    const version = await versionOf(client)
    for (const [index, step] of MIGRATIONS.entries()) {
      if (index < version) continue
      await client.query(unhurried(`SET LOCAL statement_timeout = 0; ${step}`))
      await client.query('INSERT INTO trivium_schema VALUES ($1, now())', [index + 1])
    }
  })
}

/**
 * Connections to a database that already has exactly this program's schema, for callers that must not migrate
 * it. Throws a `StoreError` if the schema differs or the database does not answer.
 */
export async function openMigrated(url: string, use?: Use): Promise<pg.Pool> {
  const pool = openDatabase(url, use)
  try {
    await checkSchema(pool)
    return pool
  } catch (error) {
    await pool.end()
    throw storeErrorOf(url, error)
  }
}

async function checkSchema(pool: pg.Pool): Promise<void> {
  const { rows } = await pool.query(`SELECT to_regclass('trivium_schema') IS NOT NULL AS known`)
  const version = rows[0]?.known === true ? await versionOf(pool) : 0
  if (version < MIGRATIONS.length)
    throw new Error(`its schema is version ${version}; start the server once to bring it up to date`)
}

async function versionOf(client: pg.Pool | pg.PoolClient): Promise<number> {
  const { rows } = await client.query('SELECT coalesce(max(version), 0) AS version FROM trivium_schema')
  const version = Number(rows[0]?.version)
  if (version > MIGRATIONS.length)
    throw new Error(
      `its schema is version ${version}, written by a newer trivium; this one supports up to ${MIGRATIONS.length}`,
    )
  return version
}
