import { existsSync, openSync, readSync, type Stats, statSync } from 'node:fs'
import { uptime } from 'node:os'
import { isMainThread } from 'node:worker_threads'
import { StoreError } from './store-error.ts'
import { Checksum, readLog, soundFrames, type WriteAheadLog } from './write-ahead-log.ts'

/**
 * What is missing from a store's log that nobody is writing to, in words; undefined where nothing is, as far as can be told.
 * SQLite reads a log up to the first frame that is not sound, and takes the rest for what a crash left unfinished: it
 * begins at the balances of then without a word. Two things tell more: sound frames of the same round behind one that is
 * not, and the index beside the log (`-shm`), which knows how far the last process had written. After the machine itself
 * went down, that may be further than the log came to be on disk; what is lost by that is lost as `openStore` says.
 */
export function lossOfLog(file: string): string | undefined {
  const log = readLog(`${file}-wal`)
  const sound = log === undefined ? 0 : soundFrames(log)
  if (log !== undefined && goesOn(log, sound)) return `frame ${sound + 1} of its log, ${file}-wal, is damaged`
  const index = readIndex(`${file}-shm`)
  if (index === undefined || index.frames <= index.carriedOver) return undefined
  const isSameRound = log?.isHeaderSound === true && log.salts === index.salts
  const left = isSameRound ? sound : 0
  return left < index.frames
    ? `its log, ${file}-wal, has ${left} frames of ${index.frames}: put it back whole; where the file is a backup put in place, remove ${file}-shm`
    : undefined
}

/** Whether behind the sound frames more of the same round were written: two in a row cannot agree by chance. */
function goesOn({ isHeaderSound, salts, frames }: WriteAheadLog, sound: number): boolean {
  return frames.some((frame, place) => {
    const before = frames[place - 1]
    return (
      before !== undefined &&
      place > sound &&
      frame.salts === before.salts &&
      (frame.salts === salts || !isHeaderSound) &&
      frame.stated === frame.computed
    )
  })
}

/**
 * Opens an index and never closes it: a process that closes a file loses all locks it has on it, those that SQLite took for
 * a connection of its own as well, and the next process to come would take itself for the first and begin the index anew
 * beneath this one (https://sqlite.org/howtocorrupt.html, 2.2). There is one a ledger.
 */
function keptOpen(path: string, { dev, ino }: Stats): number {
  const file = `${dev}:${ino}`
  const kept = opened.get(file)
  if (kept !== undefined) return kept
  const handle = openSync(path, 'r')
  opened.set(file, handle)
  return handle
}

/** Descriptors by device and number of their file. */
const opened = new Map<string, number>()

/** What the index says of the log, whose round `salts` name. */
interface Index {
  readonly salts: string
  readonly frames: number
  /** So many of them are in the file as well: they may go. */
  readonly carriedOver: number
}

/** Two copies of this stand at an index's beginning: https://sqlite.org/walformat.html, 2.1; the machine's byte order. */
const INDEX_BYTES = 48
const INDEX_VERSION = 3_007_000
const CARRIED_OVER = 96

/**
 * Undefined for an index that says nothing: absent, in the middle of a change, or from before the machine's last start; and
 * in a thread, which looks into what its process has opened and checked.
 */
function readIndex(path: string): Index | undefined {
  const known = statSync(path, { throwIfNoEntry: false })
  if (!isMainThread || known === undefined || known.mtimeMs < Date.now() - uptime() * 1000) return undefined
  const bytes = Buffer.alloc(CARRIED_OVER + 4)
  if (readSync(keptOpen(path, known), bytes, 0, bytes.length, 0) < bytes.length) return undefined
  const header = bytes.subarray(0, INDEX_BYTES)
  if (!header.equals(bytes.subarray(INDEX_BYTES, 2 * INDEX_BYTES))) return undefined
  if (header.readUInt32LE(0) !== INDEX_VERSION || header.readUInt8(12) !== 1) return undefined
  const computed = new Checksum(false).of(header.subarray(0, 40), '0'.repeat(16))
  const stated = [40, 44].map((at) => header.readUInt32LE(at).toString(16).padStart(8, '0')).join('')
  if (computed !== stated) return undefined
  return {
    salts: header.toString('hex', 32, 40),
    frames: header.readUInt32LE(16),
    carriedOver: bytes.readUInt32LE(CARRIED_OVER),
  }
}

/**
 * Throws a `StoreError` for a log without its file, which SQLite would delete to begin a new one: whatever stands in it is
 * of no use without the other, and somebody may have it still.
 */
export function refuseLogAlone(file: string): void {
  const log = statSync(`${file}-wal`, { throwIfNoEntry: false })
  if (existsSync(file) || log === undefined || log.size === 0) return
  throw new StoreError(
    file,
    `the file is missing, but its log, ${file}-wal, is there: put the file back, or remove the log to begin anew with every balance at zero`,
  )
}
