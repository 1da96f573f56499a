import { z } from 'zod'
import { nanoUsd } from '../base/money.ts'

/** An audit entry for a raise, as every store returns it. */
export const StoredEntry = z.object({
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
