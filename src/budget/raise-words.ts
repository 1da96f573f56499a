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

/** A raise is for a while: what should last belongs into the configuration. */
const LONGEST_MS = 366 * 86_400_000
export const END_EXPECTED = 'expected a moment within the next 366 days'

export function isRaiseEnd(until: number, now: number): boolean {
  return until > now && until <= now + LONGEST_MS
}

const MOST_CHARACTERS = 500
export const LINE_EXPECTED = `expected one line of at most ${MOST_CHARACTERS} characters`

/** What may stand in the audit as a name or a reason: it must not be able to look like a second line, or like other words. */
export function isAuditLine(text: string): boolean {
  const unseen = /[\p{Cc}\p{Cf}\u2028\u2029]/u
  return /\S/.test(text) && !unseen.test(text) && text.length <= MOST_CHARACTERS
}
