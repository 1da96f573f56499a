import { membersOf, rootOf } from '../base/json-span.ts'
import type { ReportedUsage } from '../base/usage.ts'
import { readUsage, tellsOutput } from './usage-report.ts'

/** What a whole answer says about itself. */
export interface AnswerReport {
  readonly usage: ReportedUsage
  readonly model: string | undefined
  /** It contains the text of an answer, which can be counted. */
  readonly hasWords: boolean
  /** It is a complete JSON object, not a truncated one or something else. */
  readonly isWhole: boolean
  /** It says itself that it failed. */
  readonly failed: boolean
}

/** First byte of the UTF-8 byte order mark, which some servers send and every client skips. */
const BYTE_ORDER_MARK = 0xef
const OPEN_BRACE = 0x7b
const OPEN_BRACKET = 0x5b

/** Reads a JSON answer as far as needed, skipping its text. Anything but JSON reports nothing. */
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
    // A truncated body may pass the walk if its brackets happen to match. Usage comes after all text, so it
    // proves the body whole.
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

/** A background response is returned before it is generated. */
const UNDER_WAY: ReadonlySet<unknown> = new Set(['queued', 'in_progress'])

const NOTHING: AnswerReport = {
  usage: 'unreported',
  model: undefined,
  hasWords: false,
  isWhole: false,
  failed: false,
}
