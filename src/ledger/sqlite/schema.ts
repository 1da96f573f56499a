import type { DatabaseSync } from 'node:sqlite'
import { StoreError } from '../store-error.ts'

/** Marks a SQLite file as ours: "TRIV". */
const APPLICATION_ID = 0x54524956

/**
 * Steps from one schema version to the next; `user_version` counts those applied to a file. Never edit a
 * released step: add a new one.
 *
 * `seq` is both position and time: at least `at * 1024`, and greater than that of every earlier row. Rows are
 * only appended, and a scan from a given moment needs no index. A row whose outcome is null is open: its
 * request is in flight, or was when a process died. Long texts are the last columns, so that sums do not read
 * them.
 *
 * `raise_log` is the append-only audit of temporary raises. `alert` holds alerts by budget, window and
 * threshold, undelivered while `ended_at` is null.
 *
 * `tally_hour` and `tally_day` are sums over all rows up to `tally_mark.folded`, none of which is open: see
 * `tally.ts`. Rows before `kept.since` have been deleted, or will be soon: see `upkeep.ts`. `booked_once`
 * holds names that must never be booked again, even if the row is gone. `label_log` is the audit of labels
 * and `audit_log` that of all other actions through the admin plane, both append-only as well.
 * `ended_session` holds sessions that were signed out before they expired.
 */
export const MIGRATIONS: readonly string[] = [
  `CREATE TABLE ledger (
    seq INTEGER PRIMARY KEY,
    at INTEGER NOT NULL,
    team TEXT NOT NULL,
    key TEXT NOT NULL,
    outcome TEXT,
    cost_nusd INTEGER,
    held_nusd INTEGER NOT NULL,
    baseline_nusd INTEGER,
    class TEXT,
    target TEXT,
    id TEXT NOT NULL,
    endpoint TEXT NOT NULL,
    stream INTEGER NOT NULL,
    requested_model TEXT NOT NULL,
    answered_model TEXT,
    upstream TEXT,
    status INTEGER,
    error_code TEXT,
    attempts INTEGER,
    adapted TEXT,
    input_tokens INTEGER,
    cached_tokens INTEGER,
    output_tokens INTEGER,
    reasoning_tokens INTEGER,
    usage_source TEXT,
    ms_to_first_byte REAL,
    ms_total REAL,
    ms_proxy REAL,
    confidence REAL,
    cause TEXT,
    rules_version TEXT,
    weights_version TEXT,
    conversation TEXT,
    label TEXT,
    labelled_by TEXT,
    evidence TEXT,
    prompt TEXT
  ) STRICT;`,
  `CREATE TABLE raise_log (
    seq INTEGER PRIMARY KEY,
    at INTEGER NOT NULL,
    action TEXT NOT NULL CHECK (action IN ('grant', 'revoke')),
    raise TEXT NOT NULL,
    budget TEXT NOT NULL,
    amount_nusd INTEGER NOT NULL,
    until INTEGER NOT NULL,
    who TEXT NOT NULL,
    via TEXT NOT NULL,
    reason TEXT NOT NULL
  ) STRICT;
  CREATE TRIGGER raise_log_never_changes BEFORE UPDATE ON raise_log
    BEGIN SELECT RAISE(ABORT, 'the audit of raises is append-only'); END;
  CREATE TRIGGER raise_log_never_shrinks BEFORE DELETE ON raise_log
    BEGIN SELECT RAISE(ABORT, 'the audit of raises is append-only'); END;
  CREATE TABLE alert (
    id TEXT PRIMARY KEY,
    at INTEGER NOT NULL,
    resets_at INTEGER,
    facts TEXT NOT NULL,
    ended_at INTEGER,
    ending TEXT
  ) STRICT;`,
  `CREATE TABLE tally_hour (
    hour INTEGER NOT NULL,
    team TEXT NOT NULL,
    key TEXT NOT NULL,
    target TEXT NOT NULL,
    class TEXT NOT NULL,
    requests INTEGER NOT NULL,
    input_tokens INTEGER NOT NULL,
    output_tokens INTEGER NOT NULL,
    cost_nusd INTEGER NOT NULL,
    baseline_nusd INTEGER NOT NULL,
    last_seq INTEGER NOT NULL,
    PRIMARY KEY (hour, team, key, target, class)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE tally_day (
    day INTEGER NOT NULL,
    team TEXT NOT NULL,
    key TEXT NOT NULL,
    target TEXT NOT NULL,
    class TEXT NOT NULL,
    requests INTEGER NOT NULL,
    input_tokens INTEGER NOT NULL,
    output_tokens INTEGER NOT NULL,
    cost_nusd INTEGER NOT NULL,
    baseline_nusd INTEGER NOT NULL,
    last_seq INTEGER NOT NULL,
    PRIMARY KEY (day, team, key, target, class)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE tally_mark (folded INTEGER NOT NULL) STRICT;
  INSERT INTO tally_mark VALUES (0);
  CREATE INDEX ledger_by_team ON ledger (team);
  CREATE INDEX ledger_not_ok ON ledger (outcome) WHERE outcome <> 'ok';`,
  `CREATE TABLE kept (since INTEGER NOT NULL) STRICT;
  INSERT INTO kept VALUES (0);
  CREATE INDEX ledger_prompts ON ledger (at) WHERE prompt IS NOT NULL;`,
  `CREATE TABLE booked_once (name TEXT PRIMARY KEY, id TEXT NOT NULL) STRICT, WITHOUT ROWID;`,
  `CREATE TABLE answer (id TEXT PRIMARY KEY, at INTEGER NOT NULL, holder TEXT NOT NULL) STRICT, WITHOUT ROWID;
  CREATE INDEX answer_by_time ON answer (at);`,
  `CREATE TABLE label_log (
    seq INTEGER PRIMARY KEY,
    at INTEGER NOT NULL,
    id TEXT NOT NULL,
    before TEXT,
    label TEXT,
    who TEXT NOT NULL
  ) STRICT;
  CREATE INDEX label_log_by_id ON label_log (id);
  CREATE TRIGGER label_log_never_changes BEFORE UPDATE ON label_log
    BEGIN SELECT RAISE(ABORT, 'the audit of labels is append-only'); END;
  CREATE TRIGGER label_log_never_shrinks BEFORE DELETE ON label_log
    BEGIN SELECT RAISE(ABORT, 'the audit of labels is append-only'); END;`,
  `CREATE INDEX ledger_labelled ON ledger (label) WHERE label IS NOT NULL;`,
  `CREATE TABLE audit_log (
    seq INTEGER PRIMARY KEY,
    at INTEGER NOT NULL,
    who TEXT NOT NULL,
    action TEXT NOT NULL,
    subject TEXT NOT NULL,
    detail TEXT NOT NULL
  ) STRICT;
  CREATE TRIGGER audit_log_never_changes BEFORE UPDATE ON audit_log
    BEGIN SELECT RAISE(ABORT, 'the audit is append-only'); END;
  CREATE TRIGGER audit_log_never_shrinks BEFORE DELETE ON audit_log
    BEGIN SELECT RAISE(ABORT, 'the audit is append-only'); END;
  CREATE INDEX audit_log_by_time ON audit_log (at);
  CREATE INDEX label_log_by_time ON label_log (at);`,
  `CREATE TABLE ended_session (id TEXT PRIMARY KEY, expires_at INTEGER NOT NULL) STRICT, WITHOUT ROWID;`,
]

/** How much `seq` advances per millisecond. */
export const SEQ_PER_MS = 1024

/**
 * Migrates an empty or older file to this program's schema, in one transaction. Throws a `StoreError` for any
 * other.
 */
export function migrate(database: DatabaseSync, file: string): void {
  const version = checkedVersion(database, file)
  if (version === MIGRATIONS.length) return
  database.exec('BEGIN IMMEDIATE')
  for (const step of MIGRATIONS.slice(version)) database.exec(step)
  database.exec(`PRAGMA application_id = ${APPLICATION_ID}; PRAGMA user_version = ${MIGRATIONS.length}`)
  database.exec('COMMIT')
}

/** Throws a `StoreError` unless the file has exactly this program's schema: a reader does not migrate. */
export function checkSchema(database: DatabaseSync, file: string): void {
  const version = checkedVersion(database, file)
  if (version < MIGRATIONS.length)
    throw new StoreError(
      file,
      `its schema is version ${version}; start the server once to bring it up to date`,
    )
}

/**
 * Whether the file has this program's schema rather than an older one. Throws a `StoreError` for any other
 * schema or none.
 */
export function isCurrent(database: DatabaseSync, file: string): boolean {
  const version = checkedVersion(database, file)
  if (version === 0) throw new StoreError(file, 'contains no ledger')
  return version === MIGRATIONS.length
}

function checkedVersion(database: DatabaseSync, file: string): number {
  const application = pragma(database, 'application_id')
  const version = pragma(database, 'user_version')
  const tables = database.prepare('SELECT count(*) AS tables FROM sqlite_schema').get()
  if (application !== APPLICATION_ID && (application !== 0 || version !== 0 || tables?.tables !== 0))
    throw new StoreError(file, 'a SQLite database that belongs to another program')
  if (version > MIGRATIONS.length)
    throw new StoreError(
      file,
      `its schema is version ${version}, written by a newer trivium; this one supports up to ${MIGRATIONS.length}`,
    )
  return version
}

function pragma(database: DatabaseSync, name: 'application_id' | 'user_version'): number {
  return Number(database.prepare(`PRAGMA ${name}`).get()?.[name])
}
