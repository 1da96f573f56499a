import { renameSync, rmSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { migrate } from './schema.ts'

/**
 * Creates a store without rows under a temporary name and renames it once it is complete, so that a process
 * dying midway leaves nothing that looks like a ledger that lost its rows. Throws what SQLite and the file
 * system throw; nothing is left behind then either.
 */
export function createStore(file: string): void {
  const draft = `${file}.new`
  // Also removes the draft of a process that died.
  remove(draft)
  try {
    const database = new DatabaseSync(draft)
    try {
      // Only takes effect on an empty file; without it, a file never shrinks.
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
