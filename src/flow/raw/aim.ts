import { fail } from '../../base/failure.ts'
import type { Target } from '../../base/target.ts'
import type { Budget } from '../../budget/ledger.ts'
import type { Price } from '../../pricing/price-book.ts'
import type { Admitted } from '../admit.ts'
import type { Ports } from '../ports.ts'
import { firstHolderOf, holderOf } from '../recall.ts'
import type { Trip } from '../trip.ts'
import { aimCount } from './aim-count.ts'
import type { Asked } from './ask.ts'
import { idsNamedBy, listsKept, modelListedBy } from './named.ts'

/** A request that knows where it goes and what its tokens cost. */
export interface Aimed extends Asked {
  readonly upstream: string
  /** The configured model that was asked for; undefined where none was, or where nobody has configured it. */
  readonly target: Target | undefined
  readonly price: Price | undefined
  /** Every budget that pays for it: the team's and the key's. */
  readonly budgets: readonly Budget[]
}

/**
 * A configured model is asked where it is served, and an answer that is kept where it was made; everything else goes to
 * the first upstream of the configuration, so that what one request stores there the next one finds. Throws
 * `no_capable_model` where text is to be paid from a budget and its model has no price, `object_not_found` for
 * what is another team's, and as `aimCount` does.
 */
export async function aim(ports: Ports, trip: Trip, admitted: Admitted, asked: Asked): Promise<Aimed> {
  const { operation, model } = asked
  // Whose it is comes first: a path that names a deployment of ours opens nobody else's answers.
  const keeper = operation.keeps ? await keeperOf(ports, trip, admitted, asked) : undefined
  if (operation.counts) return aimCount(ports, trip, admitted, asked)
  const { runtime } = trip.live
  const { key } = admitted
  const target = runtime.targets.get(model)
  const isPriced = target !== undefined && operation.billing === 'tokens'
  const price = isPriced ? runtime.prices.priceOf(model, trip.at) : undefined
  const budgets = [...key.team.budgets, ...key.budgets]
  if (operation.needsPrice && price === undefined && budgets.length > 0) {
    const reasons = [`${model}: no price, and a budget applies`]
    fail({ code: 'no_capable_model', reasons, param: 'model' })
  }
  const upstream = keeper ?? target?.upstream ?? listedAt(trip) ?? runtime.firstUpstream
  return { ...asked, upstream, target, price, budgets }
}

/** The upstream that keeps what a path, its query or a body names, where that is known. */
async function keeperOf(
  ports: Pick<Ports, 'holders'>,
  trip: Trip,
  admitted: Admitted,
  { operation, leansOn }: Asked,
): Promise<string | undefined> {
  let keeper: string | undefined
  for (const [index, id] of idsNamedBy(trip.exchange).entries()) {
    const isAwaited = index === 0 && operation.endpoint !== 'other'
    const found = await holderOf(ports, trip, admitted, { id, isAwaited, code: 'object_not_found' })
    keeper ??= found?.upstream
  }
  const missing = { code: 'object_not_found', param: 'items' } as const
  const holder = await firstHolderOf(ports, trip, admitted, leansOn ?? [], missing)
  return keeper ?? holder?.upstream
}

/** Chats of one model are listed where it is served. */
function listedAt({ exchange, live: { runtime } }: Trip): string | undefined {
  const model = listsKept(exchange) ? modelListedBy(exchange) : undefined
  return model === undefined ? undefined : runtime.targets.get(model)?.upstream
}
