import { closeSync, fstatSync, openSync, readSync } from 'node:fs'

/** Layout of a write-ahead log: https://sqlite.org/fileformat.html, 4. */
const HEADER_BYTES = 32
const FRAME_HEADER_BYTES = 24
const MAGIC = 0x377f0682

/** One page as written: `salts` identify the generation of the log it belongs to. */
interface Frame {
  readonly page: number
  readonly salts: string
  /** Whether it is the last of its transaction; without such a frame the others do not count. */
  readonly commits: boolean
  /** The checksum stored in the frame, and the one computed from its bytes and the preceding frame. */
  readonly stated: string
  readonly computed: string
}

/** A log, seen from its newest generation; undefined if there is none or not even a header. */
export interface WriteAheadLog {
  readonly salts: string
  /** Whether the header's own checksum is right. */
  readonly isHeaderSound: boolean
  /** All frames that fit in the file, including those of older generations behind the newest. */
  readonly frames: readonly Frame[]
  /** When it was last written, in milliseconds since the epoch. */
  readonly writtenAt: number
}

/** Reads a log without changing it. Throws the file system's own error if it can be opened but not read. */
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

/** The number of leading frames that belong to the newest generation and are intact. */
export function soundFrames({ isHeaderSound, salts, frames }: WriteAheadLog): number {
  if (!isHeaderSound) return 0
  const end = frames.findIndex((frame) => frame.salts !== salts || frame.stated !== frame.computed)
  return end === -1 ? frames.length : end
}

/** The pages contained in the newest generation. */
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

/** Eight bytes in a form that can be compared. */
function hex(bytes: Buffer, at: number): string {
  return bytes.toString('hex', at, at + 8)
}

/** The running checksum that each frame continues from the previous one. */
export class Checksum {
  readonly #isBigEndian: boolean

  constructor(isBigEndian: boolean) {
    this.#isBigEndian = isBigEndian
  }

  /**
   * The checksum of bytes (a multiple of eight), continued from another. Hexadecimal, most significant byte
   * first.
   */
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
