import { randomUUID } from 'node:crypto'
import { readdirSync, rmSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { StoreError } from '../store-error.ts'
import { isLocked, lockFile } from './file-lock.ts'
import { storeErrorOf } from './sqlite-error.ts'

/** The mode of a draft: there may be prompts in it. */
export const PRIVATE = 0o600

/** What a store, the one that makes it and the lock of whoever opens it may leave beside its name. */
const ENDS = ['', '-wal', '-shm', '-journal', '.lock', '.lock-journal', '.new', '.new-journal']
/** Marks a draft as ours; its own lock tells whether the process that writes it is still alive. */
const OWNER = '.owner'
const MARK = `${OWNER}.lock`

/**
 * Runs `write` with a temporary name beside `file`, and removes what is under that name afterwards. Of drafts
 * in the same folder, those whose process died are removed first: each is as large as a store. Throws what
 * `write` throws, and a `StoreError` if the folder cannot be written.
 */
export function withDraft<Done>(file: string, write: (draft: string) => Done): Done {
  removeAbandoned(dirname(file))
  const draft = draftName(file)
  const owner = own(draft, file)
  try {
    return write(draft)
  } finally {
    owner.release()
    remove(draft)
  }
}

/**
 * A unique temporary name for a file being written. A process id is not unique: in a container every process
 * may be number 1.
 */
function draftName(file: string): string {
  return `${file}.${randomUUID().slice(0, 8)}.tmp`
}

function removeAbandoned(folder: string): void {
  for (const name of namesIn(folder)) {
    const draft = join(folder, basename(name, MARK))
    if (!name.endsWith(`.tmp${MARK}`) || isLocked(`${draft}${OWNER}`)) continue
    try {
      remove(draft)
    } catch {
      // Another user's, in a folder where everybody may write but only owners remove: not a reason to fail.
    }
  }
}

/** None in a folder that may be written to but not listed. */
function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder)
  } catch {
    return []
  }
}

function own(draft: string, file: string): { release(): void } {
  try {
    return lockFile(`${draft}${OWNER}`)
  } catch (error) {
    remove(draft)
    throw new StoreError(file, storeErrorOf(file, error).problem, error)
  }
}

function remove(draft: string): void {
  // The mark goes last: without it, nobody would remove the rest.
  for (const end of [...ENDS, `${MARK}-journal`, MARK]) rmSync(`${draft}${end}`, { force: true })
}
