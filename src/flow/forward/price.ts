import { add, least, ZERO } from '../../base/money.ts'
import type { ReportedUsage, Usage } from '../../base/usage.ts'
import { costOf } from '../../pricing/cost.ts'
import { isAnswer } from '../../upstream/triage.ts'
import { dearerOf } from '../../upstream/usage-report.ts'
import { countWritten } from '../conclude/estimate.ts'
import { isPossible, unbilled } from '../conclude/price.ts'
import type { Priced, Seen } from '../ending.ts'
import type { Ports } from '../ports.ts'
import type { Trip } from '../trip.ts'
import type { Funded } from './fund.ts'
import type { Sent } from './send.ts'

/** What an answer said of its usage, and what was received of it. */
export interface Observed {
  readonly usage: ReportedUsage
  readonly seen: Seen | undefined
}

/**
 * What a forwarded request cost: as its upstream reported; else counted from its prompt and what was
 * received; else its bound. Zero for a redirect, a page or an empty success: nothing was generated.
 * `unpriced` if the vendor may bill something we cannot determine: the recorded cost is then zero, and the
 * row says so.
 */
export async function priceForwarded(
  ports: Ports,
  trip: Trip,
  sent: Sent,
  { usage: reported, seen }: Observed,
): Promise<Priced> {
  const { operation, price, reply } = sent
  if (operation.billing === 'free') return { cost: ZERO, baseline: null, usage: 'unreported', source: 'none' }
  const usage = believable(ports, trip, sent, reported)
  if (price === undefined) return { cost: ZERO, baseline: null, usage, source: 'unpriced' }
  if (!isAnswer(reply.status, reply.headers['content-type'])) return unbilled(trip)
  if (usage !== 'unreported') {
    return { cost: costOf(usage, price), baseline: null, usage, source: 'reported' }
  }
  const counted = seen && (await count(ports, sent, seen))
  if (counted === undefined) {
    trip.owedTokens += sent.most.input + sent.most.output
    return { cost: add(trip.owed, sent.atMost), baseline: null, usage, source: 'bound' }
  }
  const cost = least(costOf(counted, price), sent.atMost)
  return { cost, baseline: null, usage: counted, source: 'estimated' }
}

/** The reported usage, unless it is impossible. */
function believable(ports: Ports, trip: Trip, { most, price }: Funded, usage: ReportedUsage): ReportedUsage {
  if (usage === 'unreported' || price === undefined) return usage
  if (isPossible(usage, most)) return usage
  ports.log.error({ request: trip.id, usage }, 'the reported usage is impossible')
  return 'unreported'
}

/**
 * Text can be counted, by the model's tokenizer or else by bytes; audio, images and answers that were not
 * returned cannot. An embedding is all prompt, so its bound applies.
 */
async function count(
  { tokenizer }: Ports,
  { operation, read, most, target }: Funded,
  seen: Seen,
): Promise<Usage | undefined> {
  if (read === undefined || target === undefined || operation.endpoint !== 'completions') return undefined
  if (read.keepsBest) return undefined
  const isCountable = target.tokenizer !== undefined
  const prompt = isCountable ? await tokenizer.count(read.texts.join('\n')) : most.input
  const written = await countWritten(tokenizer, target, seen, read.answers)
  const counted = {
    inputTokens: Math.min(prompt + read.givenTokens, most.input),
    cachedTokens: 0,
    cacheWriteTokens: 0,
    outputTokens: Math.min(written, most.output),
    reasoningTokens: 0,
  }
  return seen.floor === 'unreported' ? counted : dearerOf(counted, seen.floor)
}
