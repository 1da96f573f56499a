import type { RequestId } from '../../base/ids.ts'
import { type NanoUsd, nanoUsd, ZERO } from '../../base/money.ts'
import type { Ask, Budget, NoRoom } from '../../budget/budget.ts'
import { leastLeft } from '../../budget/room.ts'
import type { Hold } from '../ledger.ts'
import type { Closing } from '../row.ts'
import type { Claim } from './balance-scripts.ts'
import type { HoldService } from './hold-service.ts'

/** Money held in Redis for a request of this replica. */
export class SharedHold implements Hold {
  readonly id: RequestId
  readonly claim: Claim
  readonly budgets: readonly Budget[]
  /** Changes when Redis has lost the hold and this replica has restored it. */
  epoch: string
  #held: NanoUsd
  #ended = false
  readonly #holdService: HoldService

  constructor(
    claim: Claim,
    budgets: readonly Budget[],
    held: NanoUsd,
    epoch: string,
    holdService: HoldService,
  ) {
    this.id = claim.id
    this.claim = claim
    this.budgets = budgets
    this.#held = held
    this.epoch = epoch
    this.#holdService = holdService
  }

  get held(): NanoUsd {
    return this.#held
  }

  async extend(ask: Ask): Promise<NanoUsd | NoRoom> {
    if (this.#ended) return ZERO
    const added = await this.#holdService.extend(this, ask)
    if (typeof added === 'number') this.#held = nanoUsd(this.#held + added)
    return added
  }

  settle(closing: Closing): Promise<boolean> {
    if (this.#ended) return Promise.resolve(false)
    this.#ended = true
    return this.#holdService.settle(this, closing)
  }

  remainingAfter(cost: NanoUsd): NanoUsd | undefined {
    const change = this.#ended ? 0 : cost - this.#held
    const balances = this.#holdService.balances(this.budgets, this.claim.at)
    return leastLeft(balances.map(({ budget: { limit }, spent, held }) => limit - spent - held - change))
  }
}
