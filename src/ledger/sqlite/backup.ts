import {
  chmodSync,
  closeSync,
  copyFileSync,
  existsSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  rmSync,
  statSync,
} from 'node:fs'
import { dirname } from 'node:path'
import type { Examination } from '../examination.ts'
import { StoreError } from '../store-error.ts'
import { examineSums, pagesOutOfOrder } from './examination.ts'
import { lockFile } from './file-lock.ts'
import { openAnyVersion, openStore } from './open.ts'
import { PRIVATE, withDraft } from './owned-draft.ts'
import { realName } from './real-name.ts'
import { isCurrent } from './schema.ts'
import { isDamage, storeErrorOf } from './sqlite-error.ts'

/**
 * A copy that was read back after it was written. Any problems are the ledger's own: the copy is faithful.
 */
export interface Copied extends Examination {
  readonly bytes: number
}

/**
 * Copies a store to `to` while a server may be writing to it: a snapshot taken in one read transaction,
 * without the space of deleted rows. Requests in flight at that moment are settled at their bound by the
 * first server started on the copy. Throws a `StoreError`, also if `to` exists. `to` appears only once it is
 * complete and synced to disk.
 */
export function backUp(file: string, to: string): Copied {
  const database = openAnyVersion(file)
  try {
    return intoPlace(file, to, (draft) => {
      // SQLite takes an empty file as it is, and would make one that everybody can read.
      closeSync(openSync(draft, 'wx', PRIVATE))
      database.prepare('VACUUM INTO ?').run(draft)
      chmodSync(draft, statSync(file).mode)
    })
  } finally {
    database.close()
  }
}

/**
 * Installs a backup where a server will look for its store, migrated to this program's schema. Throws a
 * `StoreError` if the backup is damaged or newer than this program, or if a store already exists there or is
 * in use.
 */
export function restore(backup: string, to: string): Copied {
  openAnyVersion(backup).close()
  if ((statSync(`${realName(backup)}-wal`, { throwIfNoEntry: false })?.size ?? 0) > 0)
    throw new StoreError(
      backup,
      'a store that is in use or was not closed cleanly: make a backup of it with "trivium backup"',
    )
  makeFolderOf(to)
  const lock = lockFile(to)
  try {
    return intoPlace(backup, to, (draft) => {
      copyFileSync(backup, draft)
      // A backup may be kept read-only, a store not.
      chmodSync(draft, statSync(backup).mode | PRIVATE)
      openStore(draft).close()
    })
  } finally {
    lock.release()
  }
}

/** Damage found in the draft is reported as damage of the store it was made `from`. */
function intoPlace(from: string, to: string, fill: (draft: string) => void): Copied {
  for (const name of [to, `${to}-wal`]) if (existsSync(name)) throw new StoreError(name, 'already exists')
  return withDraft(to, (draft) => {
    try {
      fill(draft)
      const examination = examine(draft)
      sync(draft)
      // A stale index of a store removed from here would be taken for this one's, and the log it describes is
      // missing.
      rmSync(`${to}-shm`, { force: true })
      // Unlike a rename, a link never replaces a file that has appeared in the meanwhile.
      linkSync(draft, to)
      syncNames(dirname(to))
      return { ...examination, bytes: statSync(to).size }
    } catch (error) {
      const place = error instanceof StoreError || isDamage(error) ? from : to
      throw new StoreError(place, storeErrorOf(draft, error).problem, error)
    }
  })
}

/** A backup may come from an older program version; the sums of an older schema cannot be checked here. */
function examine(draft: string): Examination {
  const database = openAnyVersion(draft)
  try {
    const [damage] = pagesOutOfOrder(database, '')
    if (damage !== undefined) throw new StoreError(draft, `damaged (${damage})`)
    if (isCurrent(database, draft)) return examineSums(database)
    const { rows } = database.prepare('SELECT count(*) AS rows FROM ledger').get() ?? {}
    return { rows: Number(rows), problems: [] }
  } finally {
    database.close()
  }
}

function makeFolderOf(file: string): void {
  try {
    mkdirSync(dirname(file), { recursive: true })
  } catch (error) {
    throw storeErrorOf(file, error)
  }
}

/** Waits until a file is on the disk. */
function sync(path: string): void {
  const handle = openSync(path, 'r')
  try {
    fsyncSync(handle)
  } finally {
    closeSync(handle)
  }
}

/** The same for the names in a folder, if that can be read: into some, such as a drop box, one may only put files. */
function syncNames(folder: string): void {
  try {
    sync(folder)
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EACCES')) throw error
  }
}
