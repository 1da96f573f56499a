import type { ReportedUsage } from '../../base/usage.ts'
import type { AnswerFrames } from './answer-frames.ts'
import {
  endOfFrame,
  endsLinesOtherwise,
  holdsBlankLine,
  type LineEnd,
  LONGEST_BLANK_LINE,
  lineEndOf,
} from './frame-end.ts'
import { FrameTail } from './frame-tail.ts'
import { NullUsage } from './null-usage.ts'
import { SeenStream } from './seen-stream.ts'
import { isWholeFrame } from './torn-frame.ts'

const NOTHING = Buffer.alloc(0)

interface MeterOptions {
  readonly hideUsage: boolean
  /** The text in lines of the stream, whatever came before them. */
  textOf(lines: string): string
  /** The text in all its lines, in order: what they say beyond those before them. Absent: `textOf`. */
  streamText?(lines: string): string
}

/**
 * Watches an event stream go by: whether it finished, what it used, which model answered. Bytes are forwarded
 * as they arrive, even mid-frame, until the answer is complete. If usage is hidden, the rest is forwarded
 * frame by frame, so that a client that did not ask for the usage frame does not get it; nor does it get the
 * `"usage":null` of other frames.
 */
export class StreamMeter {
  readonly seen: SeenStream
  /** Bytes of words in all complete frames so far, without what is around them: a measure of pace, not exact. */
  wordBytes = 0

  readonly #frames: AnswerFrames
  readonly #hideUsage: boolean
  readonly #tail: FrameTail
  readonly #nullUsage: NullUsage | undefined
  #holding = false
  #waiting = NOTHING
  #readable = true
  #endsChange = false
  readonly #textOf: (lines: string) => string
  #isReported = false
  /** The least a frame with words has had around them, in bytes. */
  #envelope = Number.POSITIVE_INFINITY
  #isSlow = false
  #outranUsage = false
  #lineEnd: LineEnd | undefined
  /** Where the unfinished frame begins in the window that was split last. */
  #rest = 0

  constructor(frames: AnswerFrames, options: MeterOptions) {
    this.#frames = frames
    this.#tail = new FrameTail(frames.longestBytes)
    this.seen = new SeenStream(options.streamText ?? options.textOf)
    this.#textOf = options.textOf
    this.#hideUsage = options.hideUsage
    this.#nullUsage = options.hideUsage ? new NullUsage() : undefined
  }

  /** The stream has said everything. */
  get complete(): boolean {
    return this.#frames.complete
  }

  /** The stream itself said that nothing more follows. */
  get closed(): boolean {
    return this.#frames.closed
  }

  /** The upstream sent an error frame, so the client already knows that it broke. */
  get failed(): boolean {
    return this.#frames.failed
  }

  get usage(): ReportedUsage {
    return this.#frames.usage
  }

  get usageIsFinal(): boolean {
    return this.#frames.usageIsFinal
  }

  /** Text arrived after the last report, which therefore covers only what had been used by then. */
  get outranUsage(): boolean {
    return this.#outranUsage
  }

  get model(): string | undefined {
    return this.#frames.model
  }

  get ids(): readonly string[] {
    return this.#frames.ids
  }

  /** The frame the client has received in part; empty between frames. A view until the next call. */
  get tornFrame(): Buffer {
    return this.#holding ? this.#tail.view().subarray(0, 0) : this.#tail.view()
  }

  /** Frames may have passed unread: one too long to keep, or some after a change of line ends. */
  get hasUnread(): boolean {
    return !this.#readable || this.#endsChange || holdsBlankLine(this.#tail.view())
  }

  /**
   * Inspects a chunk and returns the bytes to forward now; often the very same buffer, sometimes empty. `isSlow`: it
   * came after a while, so there is time to read whether it has words.
   */
  take(chunk: Buffer, isSlow = false): Buffer {
    this.#isSlow = isSlow
    this.seen.keep(chunk)
    const joined = this.#tail.length > 0
    const outgrown = joined ? this.#join(chunk) : undefined
    const window = joined ? this.#tail.view() : chunk
    this.#lineEnd ??= lineEndOf(window)
    const pieces = this.#split(window, window.length - chunk.length)
    if (outgrown !== undefined) pieces.unshift(outgrown)
    const forward = pieces.length === 1 && pieces[0] !== undefined ? pieces[0] : Buffer.concat(pieces)
    // The tail's bytes are about to move; the chunk's stay.
    const out = joined && pieces.length === 1 ? Buffer.from(forward) : forward
    this.#keepRest(joined, window)
    return this.#nullUsage === undefined ? out : this.#nullUsage.take(out)
  }

  /** Puts a chunk behind the unfinished frame. Returns what was held back of a frame that is now too long to keep. */
  #join(chunk: Buffer): Buffer | undefined {
    let outgrown: Buffer | undefined
    if (!this.#tail.fits(chunk)) {
      if (this.#holding) outgrown = Buffer.from(this.#tail.view())
      // Its beginning tells what it is, if not all it says.
      if (this.#readable) this.#frames.read(this.#tail.view())
    }
    if (!this.#tail.append(chunk)) {
      this.#readable = false
      this.#holding = false
    }
    return outgrown
  }

  /** Nothing more arrives: a last frame complete but for its blank line is read like any other. */
  end(): void {
    const last = this.#tail.view()
    if (last.length === 0 || !isWholeFrame(last)) return
    const isUsage = this.#inspect(last)
    if (this.#holding && !isUsage) this.#waiting = Buffer.from(last)
    if (this.#holding) this.#tail.drop(last.length)
  }

  /** What was held back; send it once nothing more will arrive. */
  flush(): Buffer {
    const waiting = this.#waiting
    if (this.#nullUsage === undefined) return waiting
    return Buffer.concat([this.#nullUsage.take(waiting), this.#nullUsage.flush()])
  }

  /** Splits the window into frames; `fresh` is where the new chunk starts in it. Returns what to forward. */
  #split(window: Buffer, fresh: number): Buffer[] {
    const lineEnd = this.#lineEnd ?? 'newline'
    const pieces: Buffer[] = []
    let unsent = this.#holding ? 0 : fresh
    let start = 0
    let search = Math.max(0, fresh - LONGEST_BLANK_LINE + 1)
    while (search < window.length) {
      const end = endOfFrame(window, search, lineEnd)
      if (end === -1) break
      const isUsage = this.#inspect(
        start === 0 && end === window.length ? window : window.subarray(start, end),
      )
      if (isUsage && this.#hideUsage && start >= unsent) {
        if (start > unsent) pieces.push(window.subarray(unsent, start))
        unsent = end
      }
      start = end
      search = end
    }
    const upTo = this.#holding ? start : window.length
    if (upTo > unsent) pieces.push(window.subarray(unsent, upTo))
    this.#rest = start
    return pieces
  }

  #keepRest(joined: boolean, window: Buffer): void {
    if (joined) this.#tail.drop(this.#rest)
    else if (this.#rest < window.length) this.#tail.append(window.subarray(this.#rest))
  }

  /**
   * What a frame has beyond the smallest envelope. Only a frame that has no more, or comes slowly, is read for its
   * words: keep-alives and roles have none.
   */
  #wordBytesOf(frame: Buffer): number {
    if (this.#isSlow || frame.length <= this.#envelope) {
      const bytes = Buffer.byteLength(this.#textOf(frame.toString('utf8')))
      if (bytes === 0) return 0
      this.#envelope = Math.min(this.#envelope, frame.length - bytes)
    }
    return frame.length - this.#envelope
  }

  /** Reads a complete frame as far as needed. Returns whether it carries usage and nothing else. */
  #inspect(frame: Buffer): boolean {
    if (!this.#readable) {
      this.#readable = true
      return false
    }
    this.#endsChange ||= endsLinesOtherwise(frame, this.#lineEnd)
    this.seen.frames += 1
    this.wordBytes += this.#wordBytesOf(frame)
    const before = this.#frames.usage
    const isUsage = this.#frames.read(frame)
    if (this.#frames.usage !== before) {
      this.#isReported = true
      this.#outranUsage = false
    } else if (this.#isReported) this.#outranUsage ||= this.#textOf(frame.toString('utf8')) !== ''
    if (this.#frames.saidAll) this.#holding = this.#hideUsage
    return isUsage
  }
}
