import { z } from 'zod'
import { ListedRequest } from './request-list.ts'
import { TeamBudget, TeamKey, TeamPage } from './teams.ts'

/** What concerns a key, for its holder. */
export const Me = z.strictObject({
  team: z.string(),
  key: z.string(),
  expires: z.iso.datetime().nullable(),
  budgets: z.array(TeamBudget).describe('All budgets that bind the key: its own, then its team’s.'),
  limits: TeamKey.shape.limits.describe('Limits of the key itself.'),
  team_limits: TeamPage.shape.limits,
  models: TeamPage.shape.models,
  spend: TeamPage.shape.spend.describe('Daily spend of the key over the last 30 days, oldest first.'),
  requests: z.array(ListedRequest).describe('Newest requests of the key.'),
})
export type Me = z.infer<typeof Me>
