import { z } from 'zod'
import { nanoUsd } from '../base/money.ts'
import type { RaiseEntry } from './raise.ts'

/** An audit entry for a raise, in the columns of every store. */
const StoredEntry = z.object({
  at: z.number(),
  action: z.enum(['grant', 'revoke']),
  raise: z.string(),
  budget: z.string(),
  amount_nusd: z.number().transform(nanoUsd),
  until: z.number(),
  who: z.string(),
  via: z.string(),
  reason: z.string(),
})

/** Parses a line of the raise log. */
export function raiseEntryOf(line: unknown): RaiseEntry {
  const { amount_nusd: amount, ...entry } = StoredEntry.parse(line)
  return { ...entry, amount }
}
