import type { ReportedUsage } from '../base/usage.ts'
import { FrameTail } from './frame-tail.ts'
import { readUsage } from './usage-report.ts'

const FINISH = Buffer.from('"finish_reason"')
const USAGE = Buffer.from('"usage"')
const MODEL = Buffer.from('"model"')
const ERROR = Buffer.from('{"error"')
const DONE = Buffer.from('[DONE]')
const BLANK_LINE = Buffer.from('\n\n')
const BLANK_LINE_CRLF = Buffer.from('\r\n\r\n')

const SPACE = 0x20
const COLON = 0x3a
const QUOTE = 0x22
const OPEN_BRACE = 0x7b
const LETTER_N = 0x6e
const CARRIAGE_RETURN = 0x0d

/** `data: [DONE]` with an event's name and id before it is still shorter. */
const LONGEST_DONE = 128

/** How much of a stream is kept for the estimate of one that breaks off before its usage comes. */
const SAMPLE_BYTES = 16_384

/**
 * Watches a chat completion stream go by: whether it finished, what it used, which model answered. Bytes are
 * forwarded as they arrive, in the middle of a frame too, until every choice has its `finish_reason`. What follows
 * is forwarded frame by frame, so that the usage frame can be kept from a client that did not ask for it.
 */
export class StreamMeter {
  /** An error frame went by: the upstream has told the client itself that it broke. */
  failed = false
  usage: ReportedUsage = 'unreported'
  model: string | undefined
  /** The first bytes of the stream, and how many there were in all: a base for an estimate. */
  readonly sample: Buffer[] = []
  totalBytes = 0

  readonly #hideUsage: boolean
  readonly #choices: number
  readonly #tail = new FrameTail()
  #sampled = 0
  #finished = 0
  #done = false
  #holding = false
  #readable = true
  #blankLine: Buffer | undefined

  constructor(options: { readonly hideUsage: boolean; readonly choices: number }) {
    this.#hideUsage = options.hideUsage
    this.#choices = options.choices
  }

  /** The stream has said all it had to say: every choice has finished, or the upstream said so itself. */
  get complete(): boolean {
    return this.#done || this.#finished >= this.#choices
  }

  /** The frame the client has got a part of; empty between frames. A view that the next call invalidates. */
  get tornFrame(): Buffer {
    return this.#holding ? this.#tail.view().subarray(0, 0) : this.#tail.view()
  }

  /** Looks at a chunk and answers the bytes to forward now; often the very same buffer, sometimes an empty one. */
  take(chunk: Buffer): Buffer {
    this.#keepSample(chunk)
    const joined = this.#tail.length > 0
    let outgrown: Buffer | undefined
    if (joined) {
      if (this.#holding && !this.#tail.fits(chunk)) outgrown = Buffer.from(this.#tail.view())
      if (!this.#tail.append(chunk)) {
        this.#readable = false
        this.#holding = false
      }
    }
    const window = joined ? this.#tail.view() : chunk
    this.#blankLine ??= lineEndOf(window)
    const pieces = this.#split(window, window.length - chunk.length)
    if (outgrown !== undefined) pieces.unshift(outgrown)
    const forward = pieces.length === 1 && pieces[0] !== undefined ? pieces[0] : Buffer.concat(pieces)
    // Bytes of the tail are about to move; bytes of the chunk stay.
    const out = joined && pieces.length === 1 ? Buffer.from(forward) : forward
    this.#keepRest(joined, window)
    return out
  }

  #rest = 0

  /** Cuts the window into frames; `fresh` is where the new chunk starts in it. Answers what is to be forwarded. */
  #split(window: Buffer, fresh: number): Buffer[] {
    const blankLine = this.#blankLine ?? BLANK_LINE
    const pieces: Buffer[] = []
    let unsent = this.#holding ? 0 : fresh
    let start = 0
    let search = Math.max(0, fresh - blankLine.length + 1)
    for (;;) {
      const at = window.indexOf(blankLine, search)
      if (at === -1) break
      const end = at + blankLine.length
      const isUsage = this.#inspect(window.subarray(start, end))
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

  /** Reads a complete frame as far as it matters. Answers whether it carries usage and nothing else. */
  #inspect(frame: Buffer): boolean {
    if (!this.#readable) {
      this.#readable = true
      return false
    }
    if (this.model === undefined) this.model = stringAfter(frame, MODEL)
    for (let at = frame.indexOf(FINISH); at !== -1; at = frame.indexOf(FINISH, at + FINISH.length)) {
      const value = valueBehind(frame, at + FINISH.length)
      if (value !== undefined && value !== LETTER_N) this.#finished += 1
    }
    if (frame.length < LONGEST_DONE && frame.includes(DONE)) this.#done = true
    if (isError(frame)) this.failed = true
    if (this.#finished >= this.#choices) this.#holding = this.#hideUsage
    return this.#readUsage(frame)
  }

  #readUsage(frame: Buffer): boolean {
    const at = frame.indexOf(USAGE)
    if (at === -1 || valueBehind(frame, at + USAGE.length) !== OPEN_BRACE) return false
    const report = parseData(frame)
    if (report === undefined) return false
    const usage = readUsage(report.usage, report.service_tier)
    if (usage !== 'unreported') this.usage = usage
    return Array.isArray(report.choices) && report.choices.length === 0
  }

  #keepSample(chunk: Buffer): void {
    this.totalBytes += chunk.length
    if (this.#sampled >= SAMPLE_BYTES) return
    this.sample.push(chunk)
    this.#sampled += chunk.length
  }
}

function lineEndOf(chunk: Buffer): Buffer | undefined {
  const newline = chunk.indexOf('\n')
  if (newline === -1) return undefined
  return chunk[newline - 1] === CARRIAGE_RETURN ? BLANK_LINE_CRLF : BLANK_LINE
}

/** The first byte of the value behind a key that ends at `after`; undefined where no colon follows, so it is no key. */
function valueBehind(frame: Buffer, after: number): number | undefined {
  const at = afterBlanks(frame, after)
  return frame[at] === COLON ? frame[afterBlanks(frame, at + 1)] : undefined
}

function afterBlanks(frame: Buffer, from: number): number {
  let at = from
  while (frame[at] === SPACE) at += 1
  return at
}

/** A frame whose first key is an `error` that is not null: the upstream says itself that it broke. */
function isError(frame: Buffer): boolean {
  const at = frame.indexOf(ERROR)
  if (at === -1 || at !== frame.indexOf(OPEN_BRACE)) return false
  const value = valueBehind(frame, at + ERROR.length)
  return value !== undefined && value !== LETTER_N
}

/** A non-empty string value of a key, where the frame has one: ids of models need no unescaping. */
function stringAfter(frame: Buffer, key: Buffer): string | undefined {
  const at = frame.indexOf(key)
  if (at === -1) return undefined
  const colon = afterBlanks(frame, at + key.length)
  if (frame[colon] !== COLON) return undefined
  const open = afterBlanks(frame, colon + 1)
  if (frame[open] !== QUOTE) return undefined
  const close = frame.indexOf(QUOTE, open + 1)
  return close > open + 1 ? frame.toString('utf8', open + 1, close) : undefined
}

interface Report {
  readonly usage?: unknown
  readonly service_tier?: unknown
  readonly choices?: unknown
}

function parseData(frame: Buffer): Report | undefined {
  const open = frame.indexOf(OPEN_BRACE)
  if (open === -1) return undefined
  try {
    const value: unknown = JSON.parse(frame.toString('utf8', open))
    return typeof value === 'object' && value !== null ? value : undefined
  } catch {
    return undefined
  }
}
