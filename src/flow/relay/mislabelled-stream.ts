import type { AnswerReport } from '../../upstream/answer-report.ts'
import type { Dispatched } from '../dispatch/dispatched.ts'
import type { Seen } from '../ending.ts'
import { answerMeter } from './answer-meter.ts'

/** An answer that was read as a whole, JSON or not. */
export interface WholeAnswer extends Pick<AnswerReport, 'usage' | 'model' | 'failed'> {
  /** What the client gets of it. */
  readonly body: Buffer
  readonly ids: readonly string[]
  /** Undefined if its words cannot be counted. */
  readonly seen: Seen | undefined
}

const EVENTS = /^(?:data|event|id|retry)?:/

/** Reads an event stream labelled as something else; undefined if it is none, or unfinished. */
export function readMislabelled(dispatched: Dispatched, body: Buffer): WholeAnswer | undefined {
  if (!EVENTS.test(body.toString('latin1', 0, 'event:'.length))) return undefined
  const meter = answerMeter(dispatched)
  const taken = meter.take(body)
  meter.end()
  if (!meter.complete || meter.hasUnread) return undefined
  const { usage, model, ids, failed } = meter
  const seen: Seen = { words: () => meter.seen.words(), floor: usage, cut: undefined }
  return { usage, model, ids, failed, seen, body: Buffer.concat([taken, meter.flush()]) }
}
