import { membersOf, rootOf } from '../base/json-span.ts'
import type { ReportedUsage } from '../base/usage.ts'
import { readUsage, tellsOutput } from './usage-report.ts'

/** What a whole answer says about itself. */
export interface AnswerReport {
  readonly usage: ReportedUsage
  readonly model: string | undefined
  /** It holds the words of an answer, which can be counted. */
  readonly hasWords: boolean
  /** It is a JSON object to its last brace, and not the beginning of one or something else. */
  readonly isWhole: boolean
  /** It says itself that it came to nothing. */
  readonly failed: boolean
}

/** The first of the three bytes some servers begin a text with, and every client passes over. */
const BYTE_ORDER_MARK = 0xef
const OPEN_BRACE = 0x7b
const OPEN_BRACKET = 0x5b

/**
 * Reads a JSON answer as far as it matters: of its words, which are most of it, only where they end. One that is no
 * JSON reports nothing.
 */
export function readAnswer(answer: Buffer): AnswerReport {
  const body = answer[0] === BYTE_ORDER_MARK ? answer.subarray(3) : answer
  try {
    const root = rootOf(body)
    if (body[root] !== OPEN_BRACE) return NOTHING
    let { model, hasWords, failed } = NOTHING
    let isUnderWay = false
    let usage: unknown
    let tier: unknown
    for (const { key, start, end } of membersOf(body, root)) {
      if (key === 'choices' || key === 'output') hasWords = body[start] === OPEN_BRACKET
      else if (key === 'error') failed = body[start] === OPEN_BRACE
      else if (key === 'status') isUnderWay = UNDER_WAY.has(valueIn(body, start, end))
      else if (key === 'model') model = textIn(valueIn(body, start, end))
      else if (key === 'usage') usage = valueIn(body, start, end)
      else if (key === 'service_tier') tier = valueIn(body, start, end)
    }
    const isTold = !isUnderWay && (!hasWords || tellsOutput(usage))
    const reported = isTold ? readUsage(usage, tier) : 'unreported'
    // A walk takes a torn body for a whole one where its brackets happen to agree; usage stands behind all the words.
    if (usage === undefined) JSON.parse(body.toString('utf8'))
    return { usage: reported, model, hasWords: hasWords && !isUnderWay, isWhole: true, failed }
  } catch {
    return NOTHING
  }
}

function valueIn(body: Buffer, start: number, end: number): unknown {
  return JSON.parse(body.toString('utf8', start, end))
}

function textIn(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined
}

/** A response made in the background is answered before it is made. */
const UNDER_WAY: ReadonlySet<unknown> = new Set(['queued', 'in_progress'])

const NOTHING: AnswerReport = {
  usage: 'unreported',
  model: undefined,
  hasWords: false,
  isWhole: false,
  failed: false,
}
