import { z } from 'zod'
import { toUsd } from '../../base/money.ts'
import { type Balance, WINDOWS } from '../../budget/ledger.ts'
import { type Endpoint, endpoint } from './endpoint.ts'

export interface BudgetParts {
  /** Where every budget stands now. */
  balances(): readonly Balance[]
}

/** A budget and where it stands. */
export const ShownBalance = z.strictObject({
  id: z.string(),
  team: z.string(),
  key: z.string().nullable(),
  per: z.enum(WINDOWS),
  limit_usd: z.number().describe('With the raises in force.'),
  spent_usd: z.number(),
  held_usd: z.number().describe('By requests in flight.'),
  resets_at: z.iso.datetime().nullable(),
})

export function budgetEndpoints({ balances }: BudgetParts): readonly Endpoint[] {
  return [
    endpoint({
      method: 'GET',
      path: '/api/budgets',
      role: 'viewer',
      summary: 'Where every budget stands.',
      answer: z.strictObject({ budgets: z.array(ShownBalance) }),
      run: () => ({ budgets: balances().map(shownBalance) }),
    }),
  ]
}

export function shownBalance({ budget, spent, held, resetsAt }: Balance): z.infer<typeof ShownBalance> {
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
