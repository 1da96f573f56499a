import type { RequestId } from '../base/ids.ts'
import type { NanoUsd } from '../base/money.ts'
import type { Ask, Budget, NoRoom } from '../budget/budget.ts'
import { type Hold, isNoRoom, type Ledger } from '../ledger/ledger.ts'
import type { Closing } from '../ledger/row.ts'
import type { AlertWatch } from './watch.ts'

type Watch = Pick<AlertWatch, 'spent'>

/** A ledger that reports spend to the alert watch. */
export function watchedLedger(ledger: Ledger, watch: Watch): Ledger {
  return {
    async hold(open, budgets, ask) {
      const outcome = await ledger.hold(open, budgets, ask)
      return isNoRoom(outcome) ? outcome : new WatchedHold(outcome, watch, budgets, open.at)
    },
    record: (row) => ledger.record(row),
    recordOnce: (name, make) => ledger.recordOnce(name, make),
    balances: (budgets, at) => ledger.balances(budgets, at),
    health: () => ledger.health(),
    close: () => ledger.close(),
  }
}

/**
 * Balances are correct as soon as `settle` has been called, so there is no need to wait for the row. A class
 * rather than closures, because one is created per request.
 */
class WatchedHold implements Hold {
  readonly #hold: Hold
  readonly #watch: Watch
  readonly #budgets: readonly Budget[]
  readonly #at: number

  constructor(hold: Hold, watch: Watch, budgets: readonly Budget[], at: number) {
    this.#hold = hold
    this.#watch = watch
    this.#budgets = budgets
    this.#at = at
  }

  get id(): RequestId {
    return this.#hold.id
  }

  get held(): NanoUsd {
    return this.#hold.held
  }

  extend(ask: Ask): Promise<NanoUsd | NoRoom> {
    return this.#hold.extend(ask)
  }

  settle(closing: Closing): Promise<boolean> {
    const settled = this.#hold.settle(closing)
    this.#watch.spent(this.#budgets, this.#at)
    return settled
  }

  remainingAfter(cost: NanoUsd): NanoUsd | undefined {
    return this.#hold.remainingAfter(cost)
  }
}
