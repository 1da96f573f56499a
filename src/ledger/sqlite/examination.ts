import type { DatabaseSync } from 'node:sqlite'
import { type Examination, problemsOf, wrongDays, wrongHours } from '../examination.ts'

/** SQL: rows that the tallies have counted, or claim to have. */
const COUNTED = 'seq <= (SELECT folded FROM tally_mark)'

/** Reads the whole file: are its pages intact, and do the sums match the rows? */
export function examineFile(database: DatabaseSync): Examination {
  const damage = pagesOutOfOrder(database, '')
  // On damaged pages sums mean nothing.
  return damage.length > 0 ? { rows: 0, problems: damage } : examineSums(database)
}

/** For a file with intact pages: do the sums match the rows? */
export function examineSums(database: DatabaseSync): Examination {
  database.exec('BEGIN')
  try {
    const numberOf = (sql: string) => Number(database.prepare(sql).get()?.number)
    const open = numberOf(`SELECT count(*) AS number FROM ledger WHERE ${COUNTED} AND outcome IS NULL`)
    return {
      rows: numberOf('SELECT count(*) AS number FROM ledger'),
      problems: [
        ...(open > 0 ? [`${open} rows are open although the sums have counted them`] : []),
        ...problemsOf(numberOf(wrongHours(COUNTED)), numberOf(wrongDays())),
      ],
    }
  } finally {
    database.exec('ROLLBACK')
  }
}

/** The tables that decisions about money rest on at startup; small however many rows there are. */
const VITAL = ['tally_day', 'tally_mark', 'kept', 'raise_log', 'alert']

/** What is wrong with the pages that startup depends on; undefined if nothing is. */
export function damageOfVitals(database: DatabaseSync): string | undefined {
  for (const table of VITAL) {
    const [damage] = pagesOutOfOrder(database, table)
    if (damage !== undefined) return damage
  }
  return undefined
}

/** What SQLite finds wrong with the pages of a table, or of the whole file if the name is empty. */
export function pagesOutOfOrder(database: DatabaseSync, table: string): readonly string[] {
  const check = table === '' ? 'integrity_check(5)' : `integrity_check(${table})`
  return database
    .prepare(`PRAGMA ${check}`)
    .all()
    .map((line) => String(Object.values(line)[0]).replaceAll('\n', ' '))
    .filter((line) => line !== 'ok')
}
