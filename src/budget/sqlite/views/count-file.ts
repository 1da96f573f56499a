import { existsSync, rmSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { pathToFileURL } from 'node:url'
import { openForReading } from '../open.ts'
import { isDamage, storeErrorOf } from '../store-error.ts'

/** Stands behind the ledger's name: what is counted of its rows for people's pages. May be removed: it is made anew. */
const SUFFIX = '.views'

/** Changes whenever what is counted does: a file of another version is made anew. */
const VERSION = 2

/**
 * `mark`: stretches of places (`low` excluded) whose rows are counted, or open and `waiting` to be. `high_id` is the id of
 * the row at `high`, by which a ledger that was replaced or has lost its newest rows is told. A team of '' is all teams. A
 * span is an hour since the epoch, or a day: see `daySpan`.
 */
const SCHEMA = `
  CREATE TABLE mark (low INTEGER NOT NULL, high INTEGER PRIMARY KEY, high_id TEXT) STRICT;
  CREATE TABLE waiting (seq INTEGER PRIMARY KEY) STRICT;
  CREATE TABLE usage (team TEXT, span INTEGER, class TEXT, target TEXT, comparison TEXT, requests INTEGER,
    input_tokens INTEGER, cached_tokens INTEGER, output_tokens INTEGER, reasoning_tokens INTEGER, cost_nusd INTEGER,
    baseline_nusd INTEGER, PRIMARY KEY (span, team, class, target, comparison)) STRICT, WITHOUT ROWID;
  CREATE TABLE shape (team TEXT, span INTEGER, spread TEXT, bucket INTEGER, requests INTEGER, total INTEGER,
    PRIMARY KEY (span, team, spread, bucket)) STRICT, WITHOUT ROWID;
  CREATE TABLE pick (span INTEGER, team TEXT, worth REAL, seq INTEGER, PRIMARY KEY (span, team, worth, seq))
    STRICT, WITHOUT ROWID;
  CREATE INDEX pick_by_worth ON pick (worth);
  PRAGMA user_version = ${VERSION};`

/** SQL: days have spans below 0, so that they stand beside the hours they sum. */
export function daySpan(day: string): string {
  return `-1 - ${day}`
}

/** How long opening waits for whoever else is counting, and how long a look does. Milliseconds. */
const BUSY_MS = 1_000
const LOOK_BUSY_MS = 40

/**
 * Opens what is counted, with the ledger beside it as it is: it can be read through the same connection, never written.
 * Where nothing can be written beside the ledger, what is counted lives in memory. Throws a `StoreError` as a reader does.
 */
export function openCountFile(ledger: string): DatabaseSync {
  // What is wrong with the ledger is told as a reader tells it.
  openForReading(ledger).close()
  const database = openOwn(`${ledger}${SUFFIX}`)
  try {
    database.exec(
      `ATTACH '${`${pathToFileURL(ledger)}?mode=ro`.replaceAll("'", "''")}' AS ledger_file; PRAGMA busy_timeout = ${LOOK_BUSY_MS}`,
    )
    return database
  } catch (error) {
    database.close()
    throw storeErrorOf(ledger, error)
  }
}

function openOwn(file: string): DatabaseSync {
  try {
    return prepared(new DatabaseSync(file, { timeout: BUSY_MS }))
  } catch (error) {
    if (!isDamage(error)) return prepared(new DatabaseSync(':memory:'))
  }
  removeFile(file)
  return prepared(new DatabaseSync(file, { timeout: BUSY_MS }))
}

function prepared(database: DatabaseSync): DatabaseSync {
  try {
    // Losing the newest counts is no loss: marks go with them.
    database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA wal_autocheckpoint = 4000')
    const version = Number(database.prepare('PRAGMA user_version').get()?.user_version)
    if (version === VERSION) return database
    forget(database)
    return database
  } catch (error) {
    database.close()
    throw error
  }
}

/** Empties what is counted. */
export function forget(database: DatabaseSync): void {
  const tables = ['mark', 'waiting', 'usage', 'shape', 'pick'].map(
    (name) => `DROP TABLE IF EXISTS main.${name};`,
  )
  database.exec(`BEGIN; ${tables.join(' ')} ${SCHEMA} COMMIT`)
}

function removeFile(file: string): void {
  for (const end of ['', '-wal', '-shm']) if (existsSync(`${file}${end}`)) rmSync(`${file}${end}`)
}
