import { isUtf8 } from 'node:buffer'
import {
  closeSync,
  fstatSync,
  linkSync,
  openSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs'
import { ConfigError, codeOf, ReadOnlyFile } from './config-error.ts'
import { readText } from './read-text.ts'
import { putInPlace, replacementOf, writeReplacement } from './replacement.ts'

/** An edit takes milliseconds, so a lock this old was left by a process that died. */
const STALE_MS = 10_000
/** Longer than a lock takes to go stale. */
const PATIENCE_MS = 20_000
const PAUSE_MS = 10
const ANY_WRITE = 0o222

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
  const temporary = replacementOf(target)
  try {
    // The text would be written back with other bytes.
    if (!isUtf8(readFileSync(target))) throw refusal(target, 'not UTF-8; edit it by hand')
    const edited = edit(readText(target))
    if (edited === undefined) return true
    writeReplacement(target, temporary, edited)
    if (!isHeld()) return false
    putInPlace(temporary, target)
    return true
  } finally {
    rmSync(temporary, { force: true })
    if (isHeld()) rmSync(path, { force: true })
    closeSync(lock)
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

function refusal(file: string, message: string): ConfigError {
  return new ConfigError([{ file, line: undefined, path: '', message }])
}
