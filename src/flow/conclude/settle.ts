import type { Closing } from '../../ledger/row.ts'
import type { Ending, Priced } from '../ending.ts'
import { openRow } from '../open-row.ts'
import type { Ports } from '../ports.ts'
import { namedModel } from '../redacted-model.ts'
import type { Reserved } from '../reserve.ts'
import type { Trip } from '../trip.ts'
import { price, priceAtWorst } from './price.ts'
import { remember } from './remember.ts'
import { secondOpinion } from './second-opinion.ts'

/**
 * Every request's last moment, however it went: the hold becomes the actual cost, the limits get back what
 * was not used, and the ledger row is closed. An unauthenticated request leaves no row: there is no team to
 * write it for.
 */
export async function settle(
  ports: Ports,
  trip: Trip,
  reserved: Reserved | undefined,
  ending: Ending,
): Promise<void> {
  const pricing = priceSurely(ports, trip, reserved, ending)
  const priced = pricing instanceof Promise ? await pricing : pricing
  endSlot(trip, ending, priced)
  if (ending.ids !== undefined && ending.ids.length > 0) remember(ports, trip, ending.ids, tokensOf(priced))
  const closing = closingOf(ports, trip, ending, priced)
  ports.observer.ended(trip, closing)
  const { hold, key } = trip
  const seconded = reserved && secondOpinion(ports, trip, reserved.request.messages)
  if (seconded !== undefined) ports.observer.seconded(seconded.agrees)
  if (hold !== undefined) {
    await hold.settle(seconded === undefined ? closing : { ...closing, fullerEvidence: seconded.evidence })
  } else if (key !== undefined) {
    await ports.ledger.record({ ...openRow(trip, key), ...closing, held: priced.cost })
  }
}

/** The price, or if pricing fails, the bound. */
function priceSurely(
  ports: Ports,
  trip: Trip,
  reserved: Reserved | undefined,
  ending: Ending,
): Priced | Promise<Priced> {
  const atWorst = (thrown: unknown) => {
    ports.log.error(
      { request: trip.id, err: thrown },
      'a request could not be priced; it is charged at its bound',
    )
    return priceAtWorst(trip, ending)
  }
  try {
    const priced = price(ports, trip, reserved, ending)
    return priced instanceof Promise ? priced.catch(atWorst) : priced
  } catch (thrown) {
    return atWorst(thrown)
  }
}

/** Reported usage only: the upstream may have continued an answer beyond what an estimate can see. */
function tokensOf({ usage, source }: Priced): number | undefined {
  return source === 'reported' && usage !== 'unreported' ? usage.inputTokens + usage.outputTokens : undefined
}

/** A refused request consumes nothing. Attempts that may have been billed unseen count at their bound. */
function endSlot(trip: Trip, { billed }: Ending, { usage }: Priced): void {
  if (trip.attempts === 0) trip.slot?.giveBack()
  else trip.slot?.end(trip.owedTokens + tokensUsed(billed, usage))
}

/** If the usage is unknown, everything taken counts as used. */
function tokensUsed(billed: Ending['billed'], usage: Priced['usage']): number {
  if (usage !== 'unreported') return usage.inputTokens + usage.outputTokens
  return billed?.funded.tokens ?? 0
}

/** What is known of a request once it is over. */
export function closingOf(ports: Pick<Ports, 'clock'>, trip: Trip, ending: Ending, priced: Priced): Closing {
  const counted = priced.usage === 'unreported' ? undefined : priced.usage
  const now = ports.clock.elapsed()
  const { arrivedAt } = trip.exchange
  return {
    outcome: ending.outcome,
    status: ending.status,
    errorCode: ending.errorCode,
    target: trip.target?.model ?? null,
    answeredModel: answeredModelOf(trip, ending),
    upstream: trip.forwardedTo ?? trip.target?.upstream ?? null,
    attempts: trip.attempts,
    adapted: trip.adapted.length === 0 ? null : trip.adapted.join(', '),
    inputTokens: counted?.inputTokens ?? null,
    cachedTokens: counted?.cachedTokens ?? null,
    outputTokens: counted?.outputTokens ?? null,
    reasoningTokens: counted?.reasoningTokens ?? null,
    usageSource: priced.source,
    cost: priced.cost,
    baseline: priced.baseline,
    msToFirstByte: trip.firstByteAt === undefined ? null : rounded(trip.firstByteAt - arrivedAt),
    msTotal: rounded(now - arrivedAt),
    msProxy: rounded((trip.dispatchedAt ?? now) - arrivedAt),
  }
}

/** An upstream may echo the requested name; if not configured, it is redacted as in the request. */
function answeredModelOf({ target, live }: Trip, { answeredModel }: Ending): string | null {
  if (answeredModel === null || target !== undefined) return answeredModel
  return namedModel(live.runtime, answeredModel)
}

/** To microseconds: nobody reads finer. */
function rounded(ms: number): number {
  return Math.round(ms * 1000) / 1000
}
