import { toUsd } from '../base/money.ts'
import type { Raise, RaiseEntry } from './raise.ts'

/** A raise under the names the admin API and `--json` use. Money in dollars, times in ISO 8601. */
export function shownRaise({ id, budget, amount, since, until, who, reason }: Raise) {
  return { id, budget, usd: toUsd(amount), since: iso(since), until: iso(until), who, reason }
}
export type ShownRaise = ReturnType<typeof shownRaise>

/** A line of the audit under the names the admin API and `--json` use. */
export function shownEntry({ at, action, raise, budget, amount, until, who, via, reason }: RaiseEntry) {
  return { at: iso(at), action, raise, budget, usd: toUsd(amount), until: iso(until), who, via, reason }
}
export type ShownEntry = ReturnType<typeof shownEntry>

function iso(at: number): string {
  return new Date(at).toISOString()
}
