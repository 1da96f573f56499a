import { existsSync, rmSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { pathToFileURL } from 'node:url'
import { openForReading } from '../open.ts'
import { isDamage, storeErrorOf } from '../sqlite-error.ts'

/** Suffix of the file that holds the counts for the console. It may be deleted: it is rebuilt. */
const SUFFIX = '.views'

/** Must change whenever the counts do: a file of another version is rebuilt. */
const VERSION = 2

/**
 * `mark`: stretches of `seq` (`low` excluded) whose rows are counted, or open and therefore in `waiting`.
 * `high_id` is the id of the row at `high`, which reveals a ledger that was replaced or has lost its newest
 * rows. Team '' stands for all teams. A span is an hour since the epoch, or a day: see `daySpan`.
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

/** SQL: days get negative spans, so that they can share a table with the hours they sum. */
export function daySpan(day: string): string {
  return `-1 - ${day}`
}

/** How long opening, and then a look, waits while another process is counting. Milliseconds. */
const BUSY_MS = 1_000
const LOOK_BUSY_MS = 40

/**
 * Opens the counts with the ledger attached read-only to the same connection. If nothing can be written
 * beside the ledger, the counts live in memory. Throws a `StoreError` as a reader does.
 */
export function openCountFile(ledger: string): DatabaseSync {
  // Reports problems of the ledger exactly as a reader would.
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
    // Losing the newest counts is harmless: their marks are lost with them.
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

/** Deletes all counts. */
export function forget(database: DatabaseSync): void {
  const tables = ['mark', 'waiting', 'usage', 'shape', 'pick'].map(
    (name) => `DROP TABLE IF EXISTS main.${name};`,
  )
  database.exec(`BEGIN; ${tables.join(' ')} ${SCHEMA} COMMIT`)
}

function removeFile(file: string): void {
  for (const end of ['', '-wal', '-shm']) if (existsSync(`${file}${end}`)) rmSync(`${file}${end}`)
}
