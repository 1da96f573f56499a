import { fail } from '../../base/failure.ts'
import type { Target } from '../../base/target.ts'
import type { Budget } from '../../budget/budget.ts'
import type { Price } from '../../pricing/price-book.ts'
import type { Admitted } from '../admit.ts'
import type { Ports } from '../ports.ts'
import { firstHolderOf, holderOf } from '../recall.ts'
import type { Trip } from '../trip.ts'
import { aimCount } from './aim-count.ts'
import { idsNamedBy, listsKept, modelListedBy } from './named-objects.ts'
import type { ForwardRequest } from './read-request.ts'

/** A request whose upstream and token price are known. */
export interface Aimed extends ForwardRequest {
  readonly upstream: string
  /** The configured model that was asked for; undefined if none was named, or if it is not configured. */
  readonly target: Target | undefined
  readonly price: Price | undefined
  /** Every budget it is charged to: the team's and the key's. */
  readonly budgets: readonly Budget[]
}

/**
 * Picks the upstream. A configured model is asked where it is served, and a stored answer where it was made.
 * Everything else goes to the first upstream in the configuration, so that what one request stores there the
 * next one finds. Throws `no_capable_model` if a budget has to pay for text and the model has no price,
 * `object_not_found` for another team's object, and whatever `aimCount` throws.
 */
export async function aim(
  ports: Ports,
  trip: Trip,
  admitted: Admitted,
  request: ForwardRequest,
): Promise<Aimed> {
  const { operation, model } = request
  // Ownership first: a path that names one of our deployments must not open another team's answers.
  const keeper = operation.keeps ? await keeperOf(ports, trip, admitted, request) : undefined
  if (operation.counts) return aimCount(ports, trip, admitted, request)
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
  return { ...request, upstream, target, price, budgets }
}

/** The upstream that stores what the path, the query or the body names, if known. */
async function keeperOf(
  ports: Pick<Ports, 'holders'>,
  trip: Trip,
  admitted: Admitted,
  { operation, leansOn }: ForwardRequest,
): Promise<string | undefined> {
  let keeper: string | undefined
  for (const [index, id] of idsNamedBy(trip.exchange).entries()) {
    const isAwaited = index === 0 && operation.endpoint !== 'other'
    const found = await holderOf(ports, trip, admitted, { id, isAwaited, code: 'object_not_found' })
    keeper ??= found?.upstream
  }
  const items = { ids: leansOn ?? [], code: 'object_not_found', param: 'items' } as const
  const holder = await firstHolderOf(ports, trip, admitted, items)
  return keeper ?? holder?.upstream
}

/** Stored chats of a model are listed by the upstream that serves it. */
function listedAt({ exchange, live: { runtime } }: Trip): string | undefined {
  const model = listsKept(exchange) ? modelListedBy(exchange) : undefined
  return model === undefined ? undefined : runtime.targets.get(model)?.upstream
}
