import { createHash } from 'node:crypto'
import type { Balance } from '../budget/budget.ts'
import { spanAt } from '../budget/window.ts'
import type { Alert } from './alert.ts'

/**
 * Every threshold that a budget's spend has reached in the window of `at`; `now` is the time of the check.
 */
export function crossedBy(balance: Balance, at: number, now: number): readonly Alert[] {
  const { budget, spent, held, resetsAt } = balance
  const { alertAt = [], limit, per } = budget
  // A quotient rounds to the same number as a literal threshold such as 0.95; a product might not.
  const crossed = alertAt.filter((threshold) => spent / limit >= threshold)
  if (crossed.length === 0) return []
  const { start } = spanAt(per, at)
  const startsAt = Number.isFinite(start) ? start : null
  return crossed.map((threshold) => ({
    id: idOf(budget.id, startsAt, threshold),
    at: now,
    budget: budget.id,
    team: budget.team,
    key: budget.key ?? null,
    per,
    threshold,
    limit,
    spent,
    held,
    startsAt,
    resetsAt,
  }))
}

function idOf(budget: string, startsAt: number | null, threshold: number): string {
  const hash = createHash('sha256').update(`${budget} ${startsAt ?? 'total'} ${threshold}`)
  return `alert_${hash.digest('hex').slice(0, 32)}`
}
