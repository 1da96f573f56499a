import { z } from 'zod'
import { DAY } from '../base/durations.ts'
import { nanoUsd } from '../base/money.ts'
import { WINDOWS } from '../budget/budget.ts'

const money = z.number().transform(nanoUsd)

/** An alert as every store keeps it: one JSON object. */
export const StoredAlert = z.object({
  id: z.string(),
  at: z.number(),
  budget: z.string(),
  team: z.string(),
  key: z.string().nullable(),
  per: z.enum(WINDOWS),
  threshold: z.number(),
  limit: money,
  spent: money,
  held: money,
  startsAt: z.number().nullable(),
  resetsAt: z.number().nullable(),
})

/** How long a closed alert is kept after its window ended: nothing is spent in such a window any more. */
export const KEEP_ALERTS_MS = 40 * DAY
