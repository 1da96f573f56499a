import type { ReportedUsage } from '../../base/usage.ts'
import { dearerOf, readUsage } from '../usage-report.ts'
import type { AnswerFrames } from './answer-frames.ts'
import { onOneLine } from './event-data.ts'
import { hasValue, isBareError, stringAfter, valueBehind } from './frame-members.ts'

/**
 * Whatever a frame may contain besides text. Nearly all contain none of it, and one regex test takes a third
 * of the time of searching the bytes for each.
 */
const MORE_THAN_WORDS =
  /"finish_reason"[ \t]*:[ \t]*(?:[^n" \t]|"[^"])|"usage"[ \t]*:[ \t]*\{|\[DONE\]|\{"error"[ \t]*:[ \t]*[^n \t]/

const FINISH = Buffer.from('"finish_reason"')
const USAGE = Buffer.from('"usage"')
const ID = Buffer.from('"id"')
const MODEL = Buffer.from('"model"')
const TIER = Buffer.from('"service_tier"')
const DONE = Buffer.from('[DONE]')

const OPEN_BRACE = 0x7b

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
  /** Choices that have ended, by their index. */
  readonly #finished = new Set<unknown>()
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
    return this.#finished.size >= this.#choices
  }

  read(event: Buffer): boolean {
    const frame = onOneLine(event)
    if (this.model === undefined) this.model = stringAfter(frame, MODEL)
    if (this.#isKept && this.ids.length === 0) this.#keepId(stringAfter(frame, ID))
    if (!MORE_THAN_WORDS.test(frame.toString('latin1'))) return false
    if (hasFinish(frame)) this.#noteFinished(frame)
    this.#tier = stringAfter(frame, TIER) ?? this.#tier
    if (isDone(frame)) this.#done = true
    if (isBareError(frame)) this.failed = true
    return this.#readUsage(frame)
  }

  /** Some upstreams repeat a choice's finish: each counts once. */
  #noteFinished(frame: Buffer): void {
    if (this.#choices === 1) this.#finished.add(0)
    else for (const choice of finishedIn(parseData(frame))) this.#finished.add(choice)
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

/** A terse upstream's frame may be as short, and the model may write these very letters; but that is JSON. */
function isDone(frame: Buffer): boolean {
  return frame.length < LONGEST_DONE && frame.includes(DONE) && !frame.includes(OPEN_BRACE)
}

/** Whether any choice in the frame has a finish reason; before it, others may lack one. */
function hasFinish(frame: Buffer): boolean {
  for (let at = frame.indexOf(FINISH); at !== -1; at = frame.indexOf(FINISH, at + FINISH.length)) {
    if (hasValue(frame, at + FINISH.length)) return true
  }
  return false
}

/** The indexes of choices that end in a frame; a choice without one stands for itself. */
function finishedIn(report: Report | undefined): readonly unknown[] {
  const choices: readonly unknown[] = Array.isArray(report?.choices) ? report.choices : []
  return choices.flatMap((choice) => {
    if (typeof choice !== 'object' || choice === null || !('finish_reason' in choice)) return []
    if (!choice.finish_reason) return []
    return ['index' in choice ? choice.index : choice]
  })
}

/** Whether any `usage` in the frame is an object; it need not be the first, as vendors add their own. */
function hasUsage(frame: Buffer): boolean {
  for (let at = frame.indexOf(USAGE); at !== -1; at = frame.indexOf(USAGE, at + USAGE.length)) {
    const value = valueBehind(frame, at + USAGE.length)
    if (value !== undefined && frame[value] === OPEN_BRACE) return true
  }
  return false
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
