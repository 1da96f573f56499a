import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { isPromptClass } from '../../../src/base/prompt-class.ts'
import { startPostgres, startRedis } from '../../support/stores.ts'
import { say } from '../ledger/figures.ts'
import type { Filling } from '../ledger/fill.ts'
import { fillPostgres } from '../ledger/fill-postgres.ts'
import { browse } from './browse.ts'
import { KEPT, LABELLED, labelOf, promptOf } from './furnish.ts'
import { startProgram } from './program.ts'

/**
 * The same on a separate PostgreSQL and Redis with their packages' default configuration; fsync is off while
 * filling.
 */
export async function runPostgres(filling: Filling, runs: number): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'trivium-console-'))
  const [postgres, redis] = await Promise.all([startPostgres(), startRedis()])
  const client = new pg.Client(postgres.url)
  await client.connect()
  try {
    await client.query(`ALTER SYSTEM SET fsync = off`)
    await client.query(`SELECT pg_reload_conf()`)
    const took = await fillPostgres(postgres.url, filling)
    say(`filling ${filling.rows} rows took, counts and all`, `${(took / 1000).toFixed(0)} s`)
    await furnish(client)
    await client.query(`ALTER SYSTEM RESET ALL`)
    await client.query(`SELECT pg_reload_conf()`)
    const program = await startProgram(folder, { redis: redis.url, postgres: postgres.url })
    try {
      await browse(program, runs)
    } finally {
      await program.end()
    }
  } finally {
    await client.end()
    await redis.dispose()
    await postgres.dispose()
    rmSync(folder, { recursive: true, force: true })
  }
}

async function furnish(client: pg.Client): Promise<void> {
  const { rows } = await client.query('SELECT at, id, class FROM ledger ORDER BY at DESC LIMIT $1', [KEPT])
  const lines = rows.map(({ at, id, class: given }, number) => ({
    at: Number(at),
    id: String(id),
    prompt: promptOf(number),
    label: number % (KEPT / LABELLED) === 0 && isPromptClass(given) ? labelOf(number, given) : null,
  }))
  await client.query(
    `UPDATE ledger SET prompt = line.prompt, label = line.label
     FROM json_to_recordset($1::json) AS line (at bigint, id text, prompt text, label text)
     WHERE ledger.at = line.at AND ledger.id = line.id`,
    [JSON.stringify(lines)],
  )
  await client.query('VACUUM ANALYZE')
}
