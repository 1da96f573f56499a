import {
  closeSync,
  fchmodSync,
  fchownSync,
  fstatSync,
  fsyncSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { ConfigError, codeOf, ReadOnlyFile } from './config-error.ts'

/** The name of a text that is to replace a file. */
export function replacementOf(target: string): string {
  return `${target}.${process.pid}.tmp`
}

/** What the name of a replacement adds to the file's. */
const LEFT = /^\.\d+\.tmp$/

/**
 * Writes the replacement beside the target, with the same mode and ownership where possible, so that a server
 * that can read one can read the other. Throws a `ConfigError`; then the target is as it was.
 */
export function writeReplacement(target: string, temporary: string, text: string): void {
  const { mode, uid, gid } = statSync(target)
  try {
    removeLeft(target)
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

/** Removes what an edit leaves if its process dies: the whole text, secrets included. */
function removeLeft(target: string): void {
  const [folder, name] = [dirname(target), basename(target)]
  for (const left of namesIn(folder)) {
    if (!left.startsWith(name) || !LEFT.test(left.slice(name.length))) continue
    try {
      rmSync(join(folder, left))
    } catch {
      // Somebody else's: this edit does not need it.
    }
  }
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder)
  } catch {
    // It may be written to, but not listed.
    return []
  }
}

/** Replaces the target, for good. Throws a `ConfigError`; then the target is as it was. */
export function putInPlace(temporary: string, target: string): void {
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
  const message = `cannot be written: ${why}; it is unchanged`
  return new ConfigError([{ file: target, line: undefined, path: '', message }])
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
