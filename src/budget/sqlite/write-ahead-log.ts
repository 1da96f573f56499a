import { closeSync, fstatSync, openSync, readSync } from 'node:fs'

/** A write-ahead log's bytes, as https://sqlite.org/fileformat.html tells, 4. */
const HEADER_BYTES = 32
const FRAME_HEADER_BYTES = 24
const MAGIC = 0x377f0682

/** One page as it was written: `salts` name the round of the log it belongs to. */
export interface Frame {
  readonly page: number
  readonly salts: string
  /** The last one of a transaction: without it the others count for nothing. */
  readonly commits: boolean
  /** Its checksum as it stands there, and as its bytes have it behind the frame before it. */
  readonly stated: string
  readonly computed: string
}

/** A log as far as its newest round is concerned; undefined where there is none, or not even a header of one. */
export interface WriteAheadLog {
  readonly salts: string
  /** Its own checksum is right. */
  readonly isHeaderSound: boolean
  /** All frames that have room in the file, those of older rounds behind the newest one's included. */
  readonly frames: readonly Frame[]
  /** When it was last written, in milliseconds since the epoch. */
  readonly writtenAt: number
}

export function readLog(path: string): WriteAheadLog | undefined {
  let handle: number
  try {
    handle = openSync(path, 'r')
  } catch {
    return undefined
  }
  try {
    const { size, mtimeMs } = fstatSync(handle)
    if (size < HEADER_BYTES) return undefined
    const header = Buffer.alloc(HEADER_BYTES)
    readSync(handle, header, 0, HEADER_BYTES, 0)
    return { ...framesOf(handle, header, size), writtenAt: mtimeMs }
  } finally {
    closeSync(handle)
  }
}

/** Frames from the beginning that belong to the newest round and are as they were written. */
export function soundFrames({ isHeaderSound, salts, frames }: WriteAheadLog): number {
  if (!isHeaderSound) return 0
  const end = frames.findIndex((frame) => frame.salts !== salts || frame.stated !== frame.computed)
  return end === -1 ? frames.length : end
}

/** The pages that the newest round has. */
export function pagesInLog(path: string): ReadonlySet<number> {
  const log = readLog(path)
  return new Set(log?.frames.slice(0, soundFrames(log)).map(({ page }) => page))
}

function framesOf(handle: number, header: Buffer, size: number): Omit<WriteAheadLog, 'writtenAt'> {
  const isBigEndian = (header.readUInt32BE(0) & 1) === 1
  const sum = new Checksum(isBigEndian)
  const isHeaderSound =
    (header.readUInt32BE(0) & ~1) === MAGIC && sum.of(header.subarray(0, 24), NOTHING) === hex(header, 24)
  const pageBytes = header.readUInt32BE(8)
  const frames: Frame[] = []
  if (pageBytes < 512 || pageBytes > 65_536) return { salts: hex(header, 16), isHeaderSound: false, frames }
  const frame = Buffer.alloc(FRAME_HEADER_BYTES + pageBytes)
  let before = hex(header, 24)
  for (let at = HEADER_BYTES; at + frame.length <= size; at += frame.length) {
    readSync(handle, frame, 0, frame.length, at)
    const begun = sum.of(frame.subarray(0, 8), before)
    frames.push({
      page: frame.readUInt32BE(0),
      salts: hex(frame, 8),
      commits: frame.readUInt32BE(4) !== 0,
      stated: hex(frame, 16),
      computed: sum.of(frame.subarray(FRAME_HEADER_BYTES), begun),
    })
    before = hex(frame, 16)
  }
  return { salts: hex(header, 16), isHeaderSound, frames }
}

const NOTHING = '0'.repeat(16)

/** Eight bytes as they stand, to be compared. */
function hex(bytes: Buffer, at: number): string {
  return bytes.toString('hex', at, at + 8)
}

/** The sums of sums that each frame goes on from the one before it. */
export class Checksum {
  readonly #isBigEndian: boolean

  constructor(isBigEndian: boolean) {
    this.#isBigEndian = isBigEndian
  }

  /** Of bytes (a multiple of eight), gone on from another one. Checksums are stated in hexadecimal, the higher byte first. */
  of(bytes: Buffer, from: string): string {
    let first = Number.parseInt(from.slice(0, 8), 16)
    let second = Number.parseInt(from.slice(8), 16)
    for (let at = 0; at < bytes.length; at += 8) {
      first = (first + this.#word(bytes, at) + second) >>> 0
      second = (second + this.#word(bytes, at + 4) + first) >>> 0
    }
    return first.toString(16).padStart(8, '0') + second.toString(16).padStart(8, '0')
  }

  #word(bytes: Buffer, at: number): number {
    return this.#isBigEndian ? bytes.readUInt32BE(at) : bytes.readUInt32LE(at)
  }
}
