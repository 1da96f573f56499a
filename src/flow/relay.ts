import { fail } from '../base/failure.ts'
import { type AnswerReport, readAnswer } from '../upstream/answer-report.ts'
import { isStream } from '../upstream/triage.ts'
import type { Reply } from '../upstream/upstream.ts'
import { readWhole } from '../upstream/whole-body.ts'
import { believed, priceReported } from './conclude/price.ts'
import { breakOff } from './dispatch/broken-answer.ts'
import type { Dispatched } from './dispatch/dispatched.ts'
import type { Ending, Seen } from './ending.ts'
import type { Ports } from './ports.ts'
import { relayError } from './relay/error.ts'
import { readMislabelled, type WholeAnswer } from './relay/mislabelled-stream.ts'
import { headersFrom, headersOf, overlay } from './relay/response-headers.ts'
import { relayStream } from './relay/stream.ts'
import type { Trip } from './trip.ts'

/** Relays the upstream's answer to the client: a stream as it arrives, anything else whole, with its cost. */
export function relay(ports: Ports, trip: Trip, dispatched: Dispatched): Promise<Ending> {
  trip.trace?.enter('relay')
  const { reply, error } = dispatched
  trip.firstByteAt = ports.clock.elapsed()
  if (error !== undefined) return Promise.resolve(relayError(ports, trip, reply, error))
  const comesAsStream = isStream(reply.headers['content-type'], dispatched.needs.stream)
  return comesAsStream && dispatched.wholeBody === undefined
    ? relayStream(ports, trip, dispatched)
    : relayWhole(ports, trip, dispatched)
}

async function relayWhole(ports: Ports, trip: Trip, dispatched: Dispatched): Promise<Ending> {
  const { reply, funded } = dispatched
  const { target } = funded.quote.candidate
  let answer: WholeAnswer
  try {
    const body = dispatched.wholeBody ?? (await readWhole(reply, target.model))
    const report = readAnswer(body)
    const mislabelled = report.isWhole ? undefined : readMislabelled(dispatched, body)
    if (mislabelled === undefined && !report.isWhole && isJson(reply)) {
      fail({ code: 'upstream_broken', target: target.model, detail: 'its JSON is incomplete or invalid' })
    }
    answer = mislabelled ?? wholeAnswer(dispatched, body, report)
    if (answer.failed) ports.health.failed(target)
    else ports.health.succeeded(target)
  } catch (thrown) {
    breakOff(ports, funded, thrown)
  }
  const { usage: reported, model, failed, ids, seen } = answer
  const usage = believed(ports, trip, funded, reported)
  const cost = usage === 'unreported' ? undefined : priceReported(trip, funded, usage).cost
  trip.exchange.answer(reply.status, overlay(headersOf(trip, cost), headersFrom(trip, reply)), answer.body)
  return {
    outcome: failed ? 'broken' : 'ok',
    status: reply.status,
    errorCode: failed ? 'upstream_broken' : null,
    answeredModel: model ?? null,
    ids,
    billed: { funded, usage, seen: usage === 'unreported' ? seen : undefined },
  }
}

/** Declared as JSON, and not in an encoding that hides it. */
function isJson({ headers, isOpaque }: Reply): boolean {
  return !isOpaque && headers['content-type']?.toLowerCase().startsWith('application/json') === true
}

function wholeAnswer({ dialect, needs }: Dispatched, body: Buffer, report: AnswerReport): WholeAnswer {
  const { usage, model, failed, hasWords } = report
  const words = () => ({ text: dialect.answerText(body.toString('utf8')), beyondBytes: 0, frames: 0 })
  const seen: Seen | undefined = hasWords ? { words, floor: 'unreported', cut: undefined } : undefined
  return { usage, model, failed, ids: dialect.idsIn(body, needs), seen, body }
}
