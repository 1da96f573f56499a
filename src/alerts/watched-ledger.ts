import { type Hold, isNoRoom, type Ledger } from '../budget/ledger.ts'
import type { AlertWatch } from './watch.ts'

/** A ledger that says what has been spent to whoever watches for alerts. */
export function watchedLedger(ledger: Ledger, watch: Pick<AlertWatch, 'spent'>): Ledger {
  return {
    async hold(open, budgets, ask) {
      const outcome = await ledger.hold(open, budgets, ask)
      return isNoRoom(outcome) ? outcome : watchedHold(outcome, () => watch.spent(budgets, open.at))
    },
    record: (row) => ledger.record(row),
    recordOnce: (name, make) => ledger.recordOnce(name, make),
    balances: (budgets, at) => ledger.balances(budgets, at),
    health: () => ledger.health(),
    close: () => ledger.close(),
  }
}

/** The balance is right once `settle` has been called: nobody has to wait for the row. */
function watchedHold(hold: Hold, onSettled: () => void): Hold {
  return {
    id: hold.id,
    get held() {
      return hold.held
    },
    extend: (ask) => hold.extend(ask),
    shrinkTo: (amount) => hold.shrinkTo(amount),
    settle(closing) {
      const settled = hold.settle(closing)
      onSettled()
      return settled
    },
    remainingAfter: (cost) => hold.remainingAfter(cost),
  }
}
