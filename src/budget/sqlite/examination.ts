import type { DatabaseSync } from 'node:sqlite'
import { type Examination, problemsOf, wrongDays, wrongHours } from '../examination.ts'

/** SQL: rows the tallies have counted, or believe they have. */
const COUNTED = 'seq <= (SELECT folded FROM tally_mark)'

/** Reads the whole file: are its pages in order, and are the sums those of the rows? */
export function examineFile(database: DatabaseSync): Examination {
  const damage = pagesOutOfOrder(database, '')
  // On pages that are not in order sums mean nothing.
  return damage.length > 0 ? { rows: 0, problems: damage } : examineSums(database)
}

/** Of a file whose pages are in order: are the sums those of the rows? */
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

/** What money is decided by at a start, and is small whatever the number of rows. */
const VITAL = ['tally_day', 'tally_mark', 'kept', 'raise_log', 'alert']

/** What is wrong with the pages that a start rests on; undefined where nothing is. */
export function damageOfVitals(database: DatabaseSync): string | undefined {
  for (const table of VITAL) {
    const [damage] = pagesOutOfOrder(database, table)
    if (damage !== undefined) return damage
  }
  return undefined
}

/** What SQLite finds wrong with the pages of a table; of the whole file where none is named. */
export function pagesOutOfOrder(database: DatabaseSync, table: string): readonly string[] {
  const check = table === '' ? 'integrity_check(5)' : `integrity_check(${table})`
  return database
    .prepare(`PRAGMA ${check}`)
    .all()
    .map((line) => String(Object.values(line)[0]).replaceAll('\n', ' '))
    .filter((line) => line !== 'ok')
}
