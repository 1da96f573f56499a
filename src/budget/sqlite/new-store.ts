import { renameSync, rmSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { migrate } from './schema.ts'

/**
 * Makes a store without a row, which gets its name when it is whole: of a process that dies before, nothing is left that
 * would look like a ledger that was lost. Throws what SQLite and the file system throw; nothing is left then either.
 */
export function createStore(file: string): void {
  const draft = `${file}.new`
  // Of one that died, too.
  remove(draft)
  try {
    const database = new DatabaseSync(draft)
    try {
      // Counts for a file that is still empty: others give no room back.
      database.exec('PRAGMA auto_vacuum = INCREMENTAL')
      migrate(database, file)
    } finally {
      database.close()
    }
    renameSync(draft, file)
  } catch (error) {
    remove(draft)
    throw error
  }
}

function remove(draft: string): void {
  for (const end of ['', '-journal']) rmSync(`${draft}${end}`, { force: true })
}
