import { toUsd } from '../../base/money.ts'
import type { Balance } from '../../budget/budget.ts'
import { Budgets, type ShownBalance } from './answers/teams.ts'
import { type Endpoint, endpoint } from './endpoint.ts'

export interface BudgetParts {
  /** The current standing of every budget. */
  balances(): readonly Balance[]
}

/** Endpoints that say where every budget stands. */
export function budgetEndpoints({ balances }: BudgetParts): readonly Endpoint[] {
  return [
    endpoint({
      method: 'GET',
      path: '/api/budgets',
      role: 'viewer',
      summary: 'List all budgets and what is spent and held of each.',
      answer: Budgets,
      run: () => ({ budgets: balances().map(shownBalance) }),
    }),
  ]
}

/** A balance under the API's names: dollars, and times in ISO 8601. */
export function shownBalance({ budget, spent, held, resetsAt }: Balance): ShownBalance {
  return {
    id: budget.id,
    team: budget.team,
    key: budget.key ?? null,
    per: budget.per,
    limit_usd: toUsd(budget.limit),
    spent_usd: toUsd(spent),
    held_usd: toUsd(held),
    resets_at: resetsAt === null ? null : new Date(resetsAt).toISOString(),
  }
}
