import { z } from 'zod'
import { WINDOWS } from '../../../budget/budget.ts'

const count = z.number().int()
const limits = z.strictObject({
  requests_per_minute: count.nullable(),
  tokens_per_minute: count.nullable(),
  concurrent: count.nullable(),
})

/** A budget and its current standing. */
export const ShownBalance = z.strictObject({
  id: z.string(),
  team: z.string(),
  key: z.string().nullable(),
  per: z.enum(WINDOWS),
  limit_usd: z.number().describe('Including the raises in force.'),
  spent_usd: z.number(),
  held_usd: z.number().describe('Held for requests in flight.'),
  resets_at: z.iso.datetime().nullable(),
})
export type ShownBalance = z.infer<typeof ShownBalance>

export const Budgets = z.strictObject({ budgets: z.array(ShownBalance) })
export type Budgets = z.infer<typeof Budgets>

/** A balance with the part of its limit that raises add. */
export const TeamBudget = ShownBalance.extend({
  raised_usd: z.number().describe('Part of the limit that comes from raises in force.'),
})
export type TeamBudget = z.infer<typeof TeamBudget>

/** A key of a team; never the secret itself. */
export const TeamKey = z.strictObject({
  id: z.string(),
  fingerprint: z.string().describe('First 12 hex digits of the key’s SHA-256.'),
  expires: z.iso.datetime().nullable(),
  expired: z.boolean(),
  last_used: z.iso
    .datetime()
    .nullable()
    .describe(
      'When the key was last used, to the hour if that row is no longer kept; null if the ledger knows of no use.',
    ),
  old_serves_until: z.iso
    .datetime()
    .nullable()
    .describe('After a rotation, when the old secret expires; null if none is valid.'),
  budgets: z.array(TeamBudget),
  limits,
})
export type TeamKey = z.infer<typeof TeamKey>

export const TeamSummary = z.strictObject({
  team: z.string(),
  budgets: z
    .array(TeamBudget)
    .describe('Budgets of the team itself; those of its keys are listed with the keys.'),
  keys: count,
  limits,
})
export type TeamSummary = z.infer<typeof TeamSummary>

export const Teams = z.strictObject({ teams: z.array(TeamSummary) })
export type Teams = z.infer<typeof Teams>

const SpendDay = z.strictObject({
  day: z.iso.date(),
  requests: count,
  cost_usd: z.number(),
  baseline_usd: z.number(),
})

export const TeamPage = z.strictObject({
  team: z.string(),
  budgets: z.array(TeamBudget),
  limits,
  when_exhausted: z.enum(['refuse', 'cheapest']),
  routing: z.enum(['always', 'auto_only', 'off']),
  models: z.array(z.string()).nullable().describe('Null: all configured models.'),
  endpoints: z.array(z.string()),
  capture: z.enum(['none', 'features', 'excerpt', 'full']),
  keys: z.array(TeamKey),
  spend: z
    .array(SpendDay)
    .describe('Daily spend over the last 30 days, oldest first; days without requests are left out.'),
})
export type TeamPage = z.infer<typeof TeamPage>

/** A newly created key: the only response that shows the secret. */
export const MadeKey = z.strictObject({
  team: z.string(),
  id: z.string(),
  key: z.string(),
  expires: z.iso.datetime().nullable(),
})
export type MadeKey = z.infer<typeof MadeKey>

/** A rotation: the key's new secret, and until when the old one stays valid. */
export const RotatedKey = MadeKey.extend({ old_serves_until: z.iso.datetime() })
export type RotatedKey = z.infer<typeof RotatedKey>

export const RevokedKey = z.strictObject({ team: z.string(), id: z.string(), revoked: z.literal(true) })
export type RevokedKey = z.infer<typeof RevokedKey>
