import type pg from 'pg'
import { COLUMNS } from './columns.ts'
import { openDatabase, transact, type Use, unhurried } from './database.ts'
import { storeErrorOf } from './postgres-error.ts'
import { TALLIES } from './tallies.ts'
import { COUNTS } from './views/count-schema.ts'
import { LISTED_BY } from './views/list-conditions.ts'
import { WHOLE_COUNTS } from './views/whole-counts.ts'

/** Held during schema changes, so that replicas starting together apply them once. */
export const MIGRATION_LOCK = 'trivium:migration'

/**
 * Steps from one schema version to the next; the table `trivium_schema` records those applied. Never edit a
 * released step: add a new one.
 *
 * The ledger is partitioned by month of `at`, so that old months are dropped rather than deleted.
 * `team_epoch` holds the epoch of a team's balances in Redis; the presence of a line means that Redis once
 * had them. `raise_log` is the append-only audit of temporary raises. `alert` holds alerts, undelivered while
 * `ended_at` is null. Months that ended by `kept.since` have been dropped; their totals remain in the
 * tallies. `ended_session` holds sessions that were signed out before they expired.
 */
const MIGRATIONS: readonly string[] = [
  `CREATE TABLE ledger (
    ${columnsAs({
      id: 'NOT NULL',
      at: 'NOT NULL',
      team: 'NOT NULL',
      key: 'NOT NULL',
      endpoint: 'NOT NULL',
      stream: 'NOT NULL',
      requested_model: 'NOT NULL',
      outcome: 'NOT NULL',
      cost_nusd: 'NOT NULL',
      held_nusd: 'NOT NULL',
    })},
    PRIMARY KEY (id, at)
  ) PARTITION BY RANGE (at);
  CREATE INDEX ledger_by_time ON ledger (at);
  CREATE INDEX ledger_by_team ON ledger (team, at) INCLUDE (key, cost_nusd);
  CREATE TABLE team_epoch (team text PRIMARY KEY, epoch text NOT NULL, loaded_at timestamptz NOT NULL);
  CREATE TABLE raise_log (
    seq bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at bigint NOT NULL,
    action text NOT NULL CHECK (action IN ('grant', 'revoke')),
    raise text NOT NULL,
    budget text NOT NULL,
    amount_nusd bigint NOT NULL,
    until bigint NOT NULL,
    who text NOT NULL,
    via text NOT NULL,
    reason text NOT NULL
  );
  CREATE FUNCTION trivium_append_only() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION 'the audit of raises is append-only'; END $$;
  CREATE TRIGGER raise_log_never_changes BEFORE UPDATE OR DELETE OR TRUNCATE ON raise_log
    EXECUTE FUNCTION trivium_append_only();
  CREATE TABLE alert (
    seq bigint GENERATED ALWAYS AS IDENTITY,
    id text PRIMARY KEY,
    at bigint NOT NULL,
    resets_at bigint,
    facts text NOT NULL,
    ended_at bigint,
    ending text,
    claimed_by text,
    claimed_until timestamptz
  );`,
  `${TALLIES}
  CREATE TABLE kept (since bigint NOT NULL);
  INSERT INTO kept VALUES (0);
  CREATE INDEX ledger_prompts ON ledger (at) WHERE prompt IS NOT NULL;
  CREATE INDEX ledger_not_ok ON ledger (outcome, at) WHERE outcome <> 'ok';`,
  `CREATE TABLE booked_once (name text PRIMARY KEY, id text NOT NULL, at bigint NOT NULL);`,
  `CREATE TABLE answer (id text PRIMARY KEY, at bigint NOT NULL, holder text NOT NULL);
  CREATE INDEX answer_by_time ON answer (at);`,
  `CREATE TABLE label_log (
    seq bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at bigint NOT NULL,
    id text NOT NULL,
    before text,
    label text,
    who text NOT NULL
  );
  CREATE INDEX label_log_by_id ON label_log (id);
  CREATE FUNCTION trivium_labels_append_only() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION 'the audit of labels is append-only'; END $$;
  CREATE TRIGGER label_log_never_changes BEFORE UPDATE OR DELETE OR TRUNCATE ON label_log
    EXECUTE FUNCTION trivium_labels_append_only();`,
  COUNTS,
  `CREATE TABLE audit_log (
    seq bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at bigint NOT NULL,
    who text NOT NULL,
    action text NOT NULL,
    subject text NOT NULL,
    detail text NOT NULL
  );
  CREATE FUNCTION trivium_audit_append_only() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION 'the audit is append-only'; END $$;
  CREATE TRIGGER audit_log_never_changes BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_log
    EXECUTE FUNCTION trivium_audit_append_only();
  CREATE INDEX audit_log_by_time ON audit_log (at);
  CREATE INDEX label_log_by_time ON label_log (at);`,
  `${WHOLE_COUNTS} ${LISTED_BY}
  CREATE TABLE ended_session (id text PRIMARY KEY, expires_at bigint NOT NULL);`,
]

function columnsAs(constraints: Readonly<Partial<Record<keyof typeof COLUMNS, string>>>): string {
  const named: Readonly<Record<string, string | undefined>> = constraints
  return Object.entries(COLUMNS)
    .map(([name, type]) => `${name} ${type} ${named[name] ?? ''}`.trimEnd())
    .join(', ')
}

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
    await client.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [MIGRATION_LOCK])
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
