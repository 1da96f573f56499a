import type { AnswerReport } from '../upstream/answer-report.ts'
import { StreamMeter } from '../upstream/frames/stream-meter.ts'
import type { Dispatched } from './dispatch.ts'
import type { Seen } from './ending.ts'

/** What an answer said that came whole, JSON or not. */
export interface WholeAnswer extends Pick<AnswerReport, 'usage' | 'model' | 'failed'> {
  /** What of it the client gets. */
  readonly body: Buffer
  readonly ids: readonly string[]
  /** Undefined where its words cannot be counted. */
  readonly seen: Seen | undefined
}

const EVENTS = /^(?:data|event|id|retry)?:/

/** Reads an event stream that its upstream calls something else; undefined for what is none, or is not finished. */
export function readMislabelled({ dialect, needs }: Dispatched, body: Buffer): WholeAnswer | undefined {
  if (!EVENTS.test(body.toString('latin1', 0, 'event:'.length))) return undefined
  const frames = dialect.frames(needs)
  const meter = new StreamMeter(frames, { hideUsage: !needs.usageAsked, textOf: dialect.answerText })
  const taken = meter.take(body)
  meter.end()
  if (!meter.complete || meter.hasUnread) return undefined
  const { usage, model, ids, failed } = meter
  const seen: Seen = { words: () => meter.seen.words(), floor: usage, cut: undefined }
  return { usage, model, ids, failed, seen, body: Buffer.concat([taken, meter.flush()]) }
}
