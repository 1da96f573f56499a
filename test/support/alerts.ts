import type { Alert } from '../../src/alerts/alert.ts'
import { nanoUsd } from '../../src/base/money.ts'

/** An alert as raised by a budget of 1,000 nano-dollars per day. */
export function alertOf(id: string, changes: Partial<Alert> = {}): Alert {
  return {
    id,
    at: Date.UTC(2026, 10, 22, 12),
    budget: 'team:research/day',
    team: 'research',
    key: null,
    per: 'day',
    threshold: 0.8,
    limit: nanoUsd(1000),
    spent: nanoUsd(801),
    held: nanoUsd(12),
    startsAt: Date.UTC(2026, 10, 22),
    resetsAt: Date.UTC(2026, 10, 23),
    ...changes,
  }
}
