import { fail } from '../../base/failure.ts'
import { type AnswerReport, readAnswer } from '../../upstream/answer-report.ts'
import { listedIds, responseIds } from '../../upstream/response-ids.ts'
import { beginsAsError, statusMeant, triage } from '../../upstream/triage.ts'
import { MOST_BODY_BYTES, readWhole } from '../../upstream/whole-body.ts'
import type { Admitted } from '../admit.ts'
import type { Ending, Seen } from '../ending.ts'
import type { Ports } from '../ports.ts'
import { relayError } from '../relay/error.ts'
import { headersFrom, headersOf, overlay } from '../relay/response-headers.ts'
import type { Trip } from '../trip.ts'
import { batchesIn, rememberFiles } from './batch.ts'
import { type Finder, payForBatch, payForOutput } from './batch-charge.ts'
import { BatchTally } from './batch-tally.ts'
import { completionText } from './completion-text.ts'
import { ownList } from './own-list.ts'
import { priceForwarded } from './price.ts'
import { relayBytes } from './relay-bytes.ts'
import { relayModeOf } from './relay-mode.ts'
import { owe, type Sent } from './send.ts'

/**
 * Relays the upstream's answer to the client, in the mode that `relayModeOf` names. Throws
 * `upstream_locked_out` if our own key is refused.
 */
export function relay(ports: Ports, trip: Trip, admitted: Admitted, sent: Sent): Promise<Ending> {
  trip.trace?.enter('relay')
  trip.firstByteAt = ports.clock.elapsed()
  const mode = relayModeOf(trip.exchange, sent)
  switch (mode.kind) {
    case 'error':
      return relayFailed(ports, trip, admitted, sent)
    case 'priced':
      return relayWhole(ports, trip, sent)
    case 'own_list':
      return relayWhole(ports, trip, sent, (list) => ownList(ports, admitted, list))
    case 'file':
      return relayFile({ ports, trip, admitted }, sent, mode.file)
    case 'conversation':
      return relayConversation(ports, trip, admitted, sent)
    case 'batches':
      return relayBatches({ ports, trip, admitted }, sent)
    case 'bytes':
      return relayBytes(ports, trip, sent)
  }
}

/** Relays an answer and returns a copy: all of it if it ended well, unless it was absurdly long. */
async function relayKept(ports: Ports, trip: Trip, sent: Sent): Promise<readonly [Ending, Buffer]> {
  const chunks: Buffer[] = []
  let bytes = 0
  const take = (chunk: Buffer) => {
    bytes += chunk.length
    if (bytes <= MOST_BODY_BYTES) chunks.push(chunk)
  }
  const ending = await relayBytes(ports, trip, sent, { take })
  return [ending, Buffer.concat(chunks)]
}

/** Records where a conversation is stored, so that it is continued there, and which team owns it. */
async function relayConversation(
  ports: Ports,
  trip: Trip,
  { key: { team } }: Admitted,
  sent: Sent,
): Promise<Ending> {
  const [ending, answer] = await relayKept(ports, trip, sent)
  const { upstream } = sent
  const ids = [...responseIds(answer), ...listedIds(answer)]
  ports.holders.remember(ids, { team: team.name, model: '', upstream, class: null, tokens: undefined })
  return ending
}

/** A finished batch is noticed when its client reads its state. */
async function relayBatches(finder: Finder, sent: Sent): Promise<Ending> {
  const { ports, trip, admitted } = finder
  const { upstream } = sent
  const [ending, answer] = await relayKept(ports, trip, sent)
  if (ending.outcome !== 'ok') return ending
  const batches = batchesIn(answer)
  const files = batches.flatMap((batch) => batch.files)
  rememberFiles(ports, admitted, upstream, files)
  for (const { finished } of batches) {
    if (finished !== undefined) await payForBatch(finder, upstream, finished)
  }
  return ending
}

/** The file may be the output of a batch that has not been charged yet. */
async function relayFile(finder: Finder, sent: Sent, file: string): Promise<Ending> {
  const { ports, trip } = finder
  const tally = new BatchTally(trip.live.runtime.prices, trip.at)
  const ending = await relayBytes(ports, trip, sent, tally)
  tally.end()
  if (ending.outcome === 'ok') await payForOutput(finder, { upstream: sent.upstream, file }, tally)
  return ending
}

async function relayFailed(ports: Ports, trip: Trip, { bearer }: Admitted, sent: Sent): Promise<Ending> {
  const { reply, upstream } = sent
  const { status } = reply
  const body = await readWhole(reply, upstream)
  if (triage(status, body, bearer !== undefined) === 'locked_out') {
    ports.log.warn({ request: trip.id, upstream, status }, 'an upstream rejects our key or account')
    fail({ code: 'upstream_locked_out', target: trip.target?.model ?? upstream, status })
  }
  return relayError(ports, trip, reply, { status, body })
}

async function relayWhole(
  ports: Ports,
  trip: Trip,
  sent: Sent,
  shownOf?: (answer: Buffer) => Promise<Buffer>,
): Promise<Ending> {
  const { reply, upstream } = sent
  let body: Buffer
  try {
    body = await readWhole(reply, upstream)
  } catch (thrown) {
    owe(trip, sent)
    throw thrown
  }
  const report = readAnswer(body)
  if (sent.price !== undefined && isOnlyError(body, report)) {
    return relayError(ports, trip, reply, { status: statusMeant(body), body })
  }
  const { usage, model, hasWords } = report
  const text = () => completionText(body.toString('utf8'))
  const words = () => ({ text: text(), beyondBytes: 0, frames: 0 })
  // An answer that cannot be parsed, or was truncated, may have said anything.
  const seen: Seen | undefined = hasWords ? { words, floor: 'unreported', cut: undefined } : undefined
  const priced = await priceForwarded(ports, trip, sent, { usage, seen })
  const { cost } = priced
  const shown = shownOf === undefined ? body : await shownOf(body)
  trip.exchange.answer(reply.status, overlay(headersOf(trip, cost), headersFrom(trip, reply)), shown)
  return {
    outcome: 'ok',
    status: reply.status,
    errorCode: null,
    answeredModel: model ?? null,
    billed: undefined,
    priced,
  }
}

/** A success that is nothing but an error counts as that error and costs nothing, as for a chat. */
function isOnlyError(body: Buffer, { failed, hasWords, usage }: AnswerReport): boolean {
  return failed && !hasWords && usage === 'unreported' && beginsAsError(body)
}
