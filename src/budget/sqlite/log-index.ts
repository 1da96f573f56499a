import { openSync, readSync, type Stats, statSync } from 'node:fs'
import { uptime } from 'node:os'
import { isMainThread } from 'node:worker_threads'
import { Checksum } from './write-ahead-log.ts'

/** What the index beside a log (`-shm`) says of it. `salts` name the round of the log. */
export interface LogIndex {
  readonly salts: string
  readonly frames: number
  /** So many of them are in the file as well. */
  readonly carriedOver: number
}

/** Two copies of this stand at an index's beginning: https://sqlite.org/walformat.html, 2.1; the machine's byte order. */
const HEADER_BYTES = 48
const VERSION = 3_007_000
const CARRIED_OVER = 96

/**
 * Undefined for an index that says nothing: absent, in the middle of a change, or from before the machine's last start; and
 * in a thread, which looks into what its process has opened and checked.
 */
export function readIndex(path: string): LogIndex | undefined {
  const known = statSync(path, { throwIfNoEntry: false })
  if (!isMainThread || known === undefined || !isSinceStart(known.mtimeMs)) return undefined
  const bytes = Buffer.alloc(CARRIED_OVER + 4)
  if (readSync(keptOpen(path, known), bytes, 0, bytes.length, 0) < bytes.length) return undefined
  const header = bytes.subarray(0, HEADER_BYTES)
  if (!header.equals(bytes.subarray(HEADER_BYTES, 2 * HEADER_BYTES))) return undefined
  if (header.readUInt32LE(0) !== VERSION || header.readUInt8(12) !== 1) return undefined
  const computed = new Checksum(false).of(header.subarray(0, 40), '0'.repeat(16))
  const stated = [40, 44].map((at) => header.readUInt32LE(at).toString(16).padStart(8, '0')).join('')
  if (computed !== stated) return undefined
  return {
    salts: header.toString('hex', 32, 40),
    frames: header.readUInt32LE(16),
    carriedOver: bytes.readUInt32LE(CARRIED_OVER),
  }
}

/** Whether something was written since the machine's last start: what was before may not have come to be on disk. */
export function isSinceStart(writtenAt: number): boolean {
  return writtenAt >= Date.now() - uptime() * 1000
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
