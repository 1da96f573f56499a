import type { Raises } from '../budget/raises.ts'
import type { Ledger } from './ledger.ts'

/**
 * A ledger that checks `hold` against limits increased by raises. A request keeps the limits it had on
 * arrival until it ends, just as it keeps its configuration.
 */
export function raisedLedger(ledger: Ledger, raises: Raises): Ledger {
  return {
    hold: (open, budgets, ask) => ledger.hold(open, raises.over(budgets, open.at), ask),
    record: (row) => ledger.record(row),
    recordOnce: (name, make) => ledger.recordOnce(name, make),
    balances: (budgets, at) => ledger.balances(raises.over(budgets, at), at),
    health: () => ledger.health(),
    close: () => ledger.close(),
  }
}
