import { z } from 'zod'
import { DAY } from '../base/durations.ts'
import { toUsd } from '../base/money.ts'
import type { Raise, RaiseEntry } from './raise.ts'

/** A raise under the names the admin API and `--json` use. Money in dollars, times in ISO 8601. */
export const ShownRaise = z.object({
  id: z.string(),
  budget: z.string(),
  usd: z.number(),
  since: z.iso.datetime(),
  until: z.iso.datetime(),
  who: z.string(),
  reason: z.string(),
})
export type ShownRaise = z.infer<typeof ShownRaise>

/** Converts nano-dollars to dollars and milliseconds to ISO 8601. */
export function shownRaise({ id, budget, amount, since, until, who, reason }: Raise): ShownRaise {
  return { id, budget, usd: toUsd(amount), since: iso(since), until: iso(until), who, reason }
}

/** An audit line under the names the admin API and `--json` use. */
export const ShownEntry = z.object({
  at: z.iso.datetime(),
  action: z.enum(['grant', 'revoke']),
  raise: z.string(),
  budget: z.string(),
  usd: z.number(),
  until: z.iso.datetime(),
  who: z.string(),
  via: z.string(),
  reason: z.string(),
})
export type ShownEntry = z.infer<typeof ShownEntry>

/** Converts nano-dollars to dollars and milliseconds to ISO 8601. */
export function shownEntry(entry: RaiseEntry): ShownEntry {
  const { at, action, raise, budget, amount, until, who, via, reason } = entry
  return { at: iso(at), action, raise, budget, usd: toUsd(amount), until: iso(until), who, via, reason }
}

function iso(at: number): string {
  return new Date(at).toISOString()
}

/** Raises are temporary; a permanent change belongs in the configuration. */
const LONGEST_MS = 366 * DAY
export const END_EXPECTED = 'expected a time within the next 366 days'

/** Whether a raise may end then. Both in milliseconds since the epoch. */
export function isRaiseEnd(until: number, now: number): boolean {
  return until > now && until <= now + LONGEST_MS
}

const MOST_CHARACTERS = 500
export const LINE_EXPECTED = `expected one line of at most ${MOST_CHARACTERS} characters`

/**
 * Whether a text may enter the audit as a name or a reason. It must not pass for a second line or disguise
 * its wording.
 */
export function isAuditLine(text: string): boolean {
  const unseen = /[\p{Cc}\p{Cf}\u2028\u2029]/u
  return /\S/.test(text) && !unseen.test(text) && text.length <= MOST_CHARACTERS
}
