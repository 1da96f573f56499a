import { openSync, readSync, type Stats, statSync } from 'node:fs'
import { uptime } from 'node:os'
import { isMainThread } from 'node:worker_threads'
import { Checksum } from './write-ahead-log.ts'

/** What the index beside a log (`-shm`) says about it. `salts` identify the log's generation. */
export interface LogIndex {
  readonly salts: string
  readonly frames: number
  /** The number of frames already checkpointed into the file. */
  readonly carriedOver: number
}

/**
 * Two copies of this header start an index: https://sqlite.org/walformat.html, 2.1; in the machine's byte
 * order.
 */
const HEADER_BYTES = 48
const VERSION = 3_007_000
const CARRIED_OVER = 96

/**
 * Undefined for an index without information: absent, in the middle of a change, or from before the machine
 * last started. Also undefined in a worker thread, whose process has already opened and checked the file.
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

/** Whether it was written since the machine last started. Anything older may never have reached the disk. */
export function isSinceStart(writtenAt: number): boolean {
  return writtenAt >= Date.now() - uptime() * 1000
}

/**
 * Opens an index and never closes it: closing a file drops all of the process's locks on it, including those
 * SQLite took for a connection of its own. The next process would then take itself for the first and rebuild
 * the index underneath this one (https://sqlite.org/howtocorrupt.html, 2.2). There is one index per ledger.
 */
function keptOpen(path: string, { dev, ino }: Stats): number {
  const file = `${dev}:${ino}`
  const kept = opened.get(file)
  if (kept !== undefined) return kept
  const handle = openSync(path, 'r')
  opened.set(file, handle)
  return handle
}

/** Descriptors by the device and inode of their file. */
const opened = new Map<string, number>()
