import type { ReportedUsage } from '../../base/usage.ts'
import { dearerOf, readUsage } from '../usage-report.ts'
import type { AnswerFrames } from './answer-frames.ts'
import { onOneLine } from './event-data.ts'

/**
 * Whatever a frame may contain besides text. Nearly all contain none of it, and one regex test takes a third
 * of the time of searching the bytes for each.
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

/** Even with an event's name and id, `data: [DONE]` is shorter. */
const LONGEST_DONE = 128

/** The frames of a chat completion: each choice ends with a `finish_reason`; usage has a frame of its own. */
export class ChatFrames implements AnswerFrames {
  /** A model writes a word or a few at a time; the longest pieces are audio. */
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
  /** From a frame without usage: not every upstream repeats it in the one with usage. */
  #tier: string | undefined

  /** `isKept`: the answer is stored upstream by its id. `longestBytes`: for frames longer than a chat's. */
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

/** Whether any `usage` in the frame has a value; it need not be the first, as vendors add their own. */
function hasUsage(frame: Buffer): boolean {
  let at = frame.indexOf(USAGE)
  while (at !== -1 && valueBehind(frame, at + USAGE.length) !== OPEN_BRACE)
    at = frame.indexOf(USAGE, at + USAGE.length)
  return at !== -1
}

/** The first byte of the value after a key ending at `after`; undefined without a colon: no key then. */
function valueBehind(frame: Buffer, after: number): number | undefined {
  const at = afterBlanks(frame, after)
  return frame[at] === COLON ? frame[afterBlanks(frame, at + 1)] : undefined
}

function afterBlanks(frame: Buffer, from: number): number {
  let at = from
  while (frame[at] === SPACE || frame[at] === TAB) at += 1
  return at
}

/** A frame whose first key is a non-null `error`: the upstream itself reports that it broke. */
function isError(frame: Buffer): boolean {
  const at = frame.indexOf(ERROR)
  if (at === -1 || at !== frame.indexOf(OPEN_BRACE)) return false
  const value = valueBehind(frame, at + ERROR.length)
  return value !== undefined && value !== LETTER_N
}

/** A key's non-empty string value, if the frame has one. Model ids need no unescaping. */
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
