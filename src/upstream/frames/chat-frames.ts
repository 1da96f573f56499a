import type { ReportedUsage } from '../../base/usage.ts'
import { dearerOf, readUsage } from '../usage-report.ts'
import type { AnswerFrames } from './answer-frames.ts'
import { onOneLine } from './event-data.ts'

/**
 * Whatever a frame may hold beside words. Nearly all have nothing of it, and one look at a frame as text takes a third of
 * the time that looks for each of these in its bytes do.
 */
const MORE_THAN_WORDS =
  /"finish_reason"[ \t]*:[ \t]*[^n \t]|"usage"[ \t]*:[ \t]*\{|\[DONE\]|\{"error"[ \t]*:[ \t]*[^n \t]/

const FINISH = Buffer.from('"finish_reason"')
const USAGE = Buffer.from('"usage"')
const ID = Buffer.from('"id"')
const MODEL = Buffer.from('"model"')
const TIER = Buffer.from('"service_tier"')
const ERROR = Buffer.from('{"error"')
const DONE = Buffer.from('[DONE]')

const SPACE = 0x20
const TAB = 0x09
const COLON = 0x3a
const QUOTE = 0x22
const OPEN_BRACE = 0x7b
const LETTER_N = 0x6e

/** `data: [DONE]` with an event's name and id before it is still shorter. */
const LONGEST_DONE = 128

/** The frames of a chat completion: each choice ends with its `finish_reason`, usage comes in a frame of its own. */
export class ChatFrames implements AnswerFrames {
  /** What a model writes in one go is a word or a few; the longest are pieces of sound. */
  readonly longestBytes: number
  failed = false
  usage: ReportedUsage = 'unreported'
  usageIsFinal = false
  model: string | undefined
  ids: readonly string[] = []

  readonly #choices: number
  readonly #isKept: boolean
  #finished = 0
  #done = false
  /** As a frame said it that had no usage: not every upstream says it again where it counts. */
  #tier: string | undefined

  /** `isKept`: it stays upstream and is known by its id there. `longestBytes`: for streams whose frames are longer than those of chats. */
  constructor(choices: number, isKept = false, longestBytes = 1 << 20) {
    this.#choices = choices
    this.#isKept = isKept
    this.longestBytes = longestBytes
  }

  get closed(): boolean {
    return this.#done
  }

  get complete(): boolean {
    return this.#done || this.saidAll
  }

  get saidAll(): boolean {
    return this.#finished >= this.#choices
  }

  read(event: Buffer): boolean {
    const frame = onOneLine(event)
    if (this.model === undefined) this.model = stringAfter(frame, MODEL)
    if (this.#isKept && this.ids.length === 0) this.#keepId(stringAfter(frame, ID))
    if (!MORE_THAN_WORDS.test(frame.toString('latin1'))) return false
    for (let at = frame.indexOf(FINISH); at !== -1; at = frame.indexOf(FINISH, at + FINISH.length)) {
      const value = valueBehind(frame, at + FINISH.length)
      if (value !== undefined && value !== LETTER_N) this.#finished += 1
    }
    this.#tier = stringAfter(frame, TIER) ?? this.#tier
    if (frame.length < LONGEST_DONE && frame.includes(DONE)) this.#done = true
    if (isError(frame)) this.failed = true
    return this.#readUsage(frame)
  }

  #keepId(id: string | undefined): void {
    if (id !== undefined) this.ids = [id]
  }

  #readUsage(frame: Buffer): boolean {
    if (!hasUsage(frame)) return false
    const report = parseData(frame)
    if (report === undefined) return false
    const usage = readUsage(report.usage, report.service_tier ?? this.#tier)
    if (usage !== 'unreported') {
      this.usage = this.usage === 'unreported' ? usage : dearerOf(this.usage, usage)
      this.usageIsFinal = this.complete
    }
    return Array.isArray(report.choices) && report.choices.length === 0
  }
}

/** Whether some `usage` of the frame is told, which need not be the first: vendors have their own beside it. */
function hasUsage(frame: Buffer): boolean {
  let at = frame.indexOf(USAGE)
  while (at !== -1 && valueBehind(frame, at + USAGE.length) !== OPEN_BRACE)
    at = frame.indexOf(USAGE, at + USAGE.length)
  return at !== -1
}

/** The first byte of the value behind a key that ends at `after`; undefined where no colon follows, so it is no key. */
function valueBehind(frame: Buffer, after: number): number | undefined {
  const at = afterBlanks(frame, after)
  return frame[at] === COLON ? frame[afterBlanks(frame, at + 1)] : undefined
}

function afterBlanks(frame: Buffer, from: number): number {
  let at = from
  while (frame[at] === SPACE || frame[at] === TAB) at += 1
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
