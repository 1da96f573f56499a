import { plainUsd, toUsd } from '../base/money.ts'
import type { Alert } from './alert.ts'

/** An alert under the names that log lines and webhooks use. Money in dollars, times in ISO 8601. */
export function factsOf(alert: Alert) {
  const { id, budget, team, key, per, threshold, limit, spent, held, startsAt, resetsAt } = alert
  return {
    id,
    budget,
    team,
    key,
    per,
    threshold,
    limit_usd: toUsd(limit),
    spent_usd: toUsd(spent),
    held_usd: toUsd(held),
    window_start: isoOf(startsAt),
    resets_at: isoOf(resetsAt),
  }
}

/** One line for people. */
export function sentenceOf({ budget, threshold, limit, spent, held, resetsAt }: Alert): string {
  const sums = `${plainUsd(spent)} of ${plainUsd(limit)} USD spent, ${plainUsd(held)} held`
  const resets = resetsAt === null ? 'It never resets.' : `It resets at ${isoOf(resetsAt)}.`
  return `Budget ${budget} has reached ${Number((threshold * 100).toFixed(6))} %: ${sums}. ${resets}`
}

function isoOf(at: number | null): string | null {
  return at === null ? null : new Date(at).toISOString()
}
