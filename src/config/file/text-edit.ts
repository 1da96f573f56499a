import {
  closeSync,
  fstatSync,
  linkSync,
  openSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { ConfigError } from './config-error.ts'
import { readText } from './read-text.ts'

/** An edit takes milliseconds: a lock this old was left by a process that died. */
const STALE_MS = 10_000
/** Longer than a lock can take to go stale. */
const PATIENCE_MS = 20_000
const PAUSE_MS = 10
const ANY_WRITE = 0o222

/** A file that cannot be edited here, because of its mode or of where it lies. */
export class ReadOnlyFile extends ConfigError {
  constructor(file: string, message: string) {
    super([{ file, line: undefined, path: '', message }])
  }
}

/**
 * Edits a file that other processes may edit at the same moment: `edit` gets the text as it stands then (once more,
 * when another came between) and answers the new one, or undefined to leave it. The new text replaces the file in one
 * step, so that a reader never sees half of it; mode and links stay. Waits for others without letting anything else in
 * this process run. Throws a ConfigError (a
 * `ReadOnlyFile` where that is why), and whatever `edit` throws.
 */
export function editText(file: string, edit: (text: string) => string | undefined): void {
  readText(file)
  if ((statSync(file).mode & ANY_WRITE) === 0)
    throw new ReadOnlyFile(file, 'read-only: nobody may write to it')
  // A link to the file stays one: what it points to is replaced, and locked under its own name.
  const target = realpathSync(file)
  const deadline = performance.now() + PATIENCE_MS
  while (!editAlone(target, edit)) {
    if (performance.now() > deadline) {
      throw refusal(file, `being edited by another process; remove ${target}.lock if there is none`)
    }
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, PAUSE_MS * (0.5 + Math.random()))
  }
}

/** False when another process holds the lock, or took it over because this one slept. */
function editAlone(target: string, edit: (text: string) => string | undefined): boolean {
  const path = `${target}.lock`
  const lock = takeLock(path)
  if (lock === undefined) {
    breakStale(path)
    return false
  }
  // While the lock is open, no other file can have its inode number.
  const isHeld = () => statSync(path, { throwIfNoEntry: false })?.ino === fstatSync(lock).ino
  const temporary = `${target}.${process.pid}.tmp`
  try {
    const edited = edit(readText(target))
    if (edited === undefined) return true
    writeFileSync(temporary, edited, { mode: statSync(target).mode })
    if (!isHeld()) return false
    renameSync(temporary, target)
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
    throw new ReadOnlyFile(path, `the file cannot be made, so nothing can be edited here: ${code}`)
  }
}

/** Moves a stale lock away: of several processes that see it, one. */
function breakStale(path: string): void {
  if (!isStale(path)) return
  const aside = `${path}.${process.pid}`
  try {
    renameSync(path, aside)
    // What was moved can be the new lock of a process that was faster here: it goes back.
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
