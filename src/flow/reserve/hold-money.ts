import { type Failure, fail } from '../../base/failure.ts'
import type { Ask, Budget, NoRoom } from '../../budget/budget.ts'
import { type Hold, isNoRoom } from '../../ledger/ledger.ts'
import type { OpenRow } from '../../ledger/row.ts'
import type { Ports } from '../ports.ts'

/**
 * Holds money in every budget in one atomic step and opens the row, or says why there is no room. Throws
 * `store_unavailable`.
 */
export async function holdMoney(
  { ledger, log, clock, observer }: Pick<Ports, 'ledger' | 'log' | 'clock' | 'observer'>,
  row: OpenRow,
  budgets: readonly Budget[],
  ask: Ask,
): Promise<Hold | Failure> {
  const askedAt = clock.elapsed()
  let hold: Hold | NoRoom
  try {
    hold = await ledger.hold(row, budgets, ask)
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error)
    log.error({ err: error }, 'the ledger cannot be written')
    return fail({ code: 'store_unavailable', detail }, error)
  }
  observer.decided('ledger', clock.elapsed() - askedAt)
  return isNoRoom(hold) ? noRoomFailure(hold) : hold
}

function noRoomFailure({ refused, balance }: NoRoom): Failure {
  const { budget, spent, held, resetsAt } = balance
  return {
    code: refused === 'exhausted' ? 'insufficient_quota' : 'budget_held',
    scope: budget.id,
    team: budget.team,
    limit: budget.limit,
    spent,
    held,
    resetsAt,
  }
}
