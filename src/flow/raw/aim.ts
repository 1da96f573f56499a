import { fail } from '../../base/failure.ts'
import type { Target } from '../../base/target.ts'
import type { Budget } from '../../budget/ledger.ts'
import type { Price } from '../../pricing/price-book.ts'
import type { Admitted } from '../admit.ts'
import type { Trip } from '../trip.ts'
import type { Asked } from './ask.ts'

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
 * A configured model is asked where it is served; everything else goes to the first upstream of the configuration, so
 * that what one request stores there the next one finds. Throws `no_capable_model` where text is to be paid from a budget
 * and its model has no price.
 */
export function aim(trip: Trip, { key }: Admitted, asked: Asked): Aimed {
  const { runtime } = trip.live
  const { operation } = asked
  const model = trip.requestedModel
  const target = runtime.targets.get(model)
  const price = operation.billing === 'tokens' ? runtime.prices.priceOf(model, trip.at) : undefined
  const budgets = [...key.team.budgets, ...key.budgets]
  if (operation.needsPrice && price === undefined && budgets.length > 0) {
    const name = model === '' ? 'no model is named, and' : `${model}: no price, and`
    fail({ code: 'no_capable_model', reasons: [`${name} a budget applies`], param: 'model' })
  }
  trip.target = target
  const upstream = target?.upstream ?? runtime.firstUpstream
  return { ...asked, upstream, target, price, budgets }
}
