import { isUtf8 } from 'node:buffer'
import {
  closeSync,
  fchmodSync,
  fchownSync,
  fstatSync,
  fsyncSync,
  linkSync,
  openSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { dirname } from 'node:path'
import { ConfigError } from './config-error.ts'
import { readText } from './read-text.ts'

/** An edit takes milliseconds, so a lock this old was left by a process that died. */
const STALE_MS = 10_000
/** Longer than a lock takes to go stale. */
const PATIENCE_MS = 20_000
const PAUSE_MS = 10
const ANY_WRITE = 0o222

/** A file that cannot be edited here because of its mode or location. */
export class ReadOnlyFile extends ConfigError {
  constructor(file: string, message: string) {
    super([{ file, line: undefined, path: '', message }])
  }
}

/**
 * Edits a file that other processes may be editing too. `edit` gets the current text (again, if another edit
 * came in between) and returns the new one, or undefined to leave the file alone. The new text replaces the
 * file atomically, so readers never see half of it, and is on the disk by then; links, mode and, where the
 * system allows it, owner are preserved. Waiting for other processes blocks this one. Throws a ConfigError (a
 * `ReadOnlyFile` if that is the reason), and whatever `edit` throws.
 */
export function editText(file: string, edit: (text: string) => string | undefined): void {
  readText(file)
  if ((statSync(file).mode & ANY_WRITE) === 0)
    throw new ReadOnlyFile(file, 'read-only: it cannot be written to')
  // A symbolic link is preserved: its target is replaced, and locked under its own name.
  const target = realpathSync(file)
  const deadline = performance.now() + PATIENCE_MS
  while (!editAlone(target, edit)) {
    if (performance.now() > deadline) {
      throw refusal(file, `being edited by another process; remove ${target}.lock if there is none`)
    }
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, PAUSE_MS * (0.5 + Math.random()))
  }
}

/** False if another process holds the lock, or took it over because this one was suspended. */
function editAlone(target: string, edit: (text: string) => string | undefined): boolean {
  const path = `${target}.lock`
  const lock = takeLock(path)
  if (lock === undefined) {
    breakStale(path)
    return false
  }
  // While the lock's descriptor is open, no other file can have its inode number.
  const isHeld = () => statSync(path, { throwIfNoEntry: false })?.ino === fstatSync(lock).ino
  const temporary = `${target}.${process.pid}.tmp`
  try {
    // The text would be written back with other bytes.
    if (!isUtf8(readFileSync(target))) throw refusal(target, 'not UTF-8; edit it by hand')
    const edited = edit(readText(target))
    if (edited === undefined) return true
    writeInItsStead(target, temporary, edited)
    if (!isHeld()) return false
    putInPlace(temporary, target)
    return true
  } finally {
    rmSync(temporary, { force: true })
    if (isHeld()) rmSync(path, { force: true })
    closeSync(lock)
  }
}

/**
 * Writes the replacement beside the target, with the same mode and ownership where possible, so that a server
 * that can read one can read the other.
 */
function writeInItsStead(target: string, temporary: string, text: string): void {
  const { mode, uid, gid } = statSync(target)
  try {
    // Anything already under this name may be somebody else's link, which is not to be followed.
    rmSync(temporary, { force: true })
    const handle = openSync(temporary, 'wx', mode)
    try {
      writeFileSync(handle, text)
      fsyncSync(handle)
      // The process's umask applied when it was created.
      fchmodSync(handle, mode)
      // Only root can change a file's owner; others can still assign it to one of their own groups.
      if (!giveTo(handle, uid, gid)) giveTo(handle, fstatSync(handle).uid, gid)
    } finally {
      closeSync(handle)
    }
  } catch (error) {
    throw unwritten(target, error)
  }
}

function putInPlace(temporary: string, target: string): void {
  try {
    renameSync(temporary, target)
  } catch (error) {
    if (codeOf(error) !== 'EBUSY') throw unwritten(target, error)
    throw new ReadOnlyFile(target, 'mounted by itself, so it cannot be replaced: mount its folder instead')
  }
  keepName(dirname(target))
}

function unwritten(target: string, error: unknown): ConfigError {
  const why = codeOf(error) === 'ENOSPC' ? 'the disk is full' : codeOf(error)
  return refusal(target, `cannot be written: ${why}; it is unchanged`)
}

function giveTo(handle: number, uid: number, gid: number): boolean {
  try {
    fchownSync(handle, uid, gid)
    return true
  } catch {
    return false
  }
}

/**
 * Makes the rename durable: a power cut must not bring back the old file, and with it a key that was revoked.
 * Where a folder cannot be read or flushed, the edit stands all the same.
 */
function keepName(folder: string): void {
  try {
    const handle = openSync(folder, 'r')
    try {
      fsyncSync(handle)
    } finally {
      closeSync(handle)
    }
  } catch {
    return
  }
}

function takeLock(path: string): number | undefined {
  try {
    return openSync(path, 'wx')
  } catch (error) {
    const code = codeOf(error)
    if (code === 'EEXIST') return undefined
    throw new ReadOnlyFile(path, `the file cannot be created, so nothing can be edited here: ${code}`)
  }
}

/** Moves a stale lock aside; of several processes that see it, only one succeeds. */
function breakStale(path: string): void {
  if (!isStale(path)) return
  const aside = `${path}.${process.pid}`
  try {
    renameSync(path, aside)
    // It may in fact be the fresh lock of a faster process: then it goes back.
    if (!isStale(aside)) linkSync(aside, path)
  } catch (error) {
    const code = codeOf(error)
    if (code !== 'ENOENT' && code !== 'EEXIST') throw error
  } finally {
    rmSync(aside, { force: true })
  }
}

function isStale(path: string): boolean {
  const found = statSync(path, { throwIfNoEntry: false })
  return found !== undefined && Date.now() - found.mtimeMs > STALE_MS
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'unknown error'
}

function refusal(file: string, message: string): ConfigError {
  return new ConfigError([{ file, line: undefined, path: '', message }])
}
