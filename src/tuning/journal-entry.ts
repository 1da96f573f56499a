import { z } from 'zod'

const version = z.string().nullable()

/** One decision on what classifies requests, with everything in force from then on. */
export const JournalEntry = z.strictObject({
  number: z.int().min(1),
  at: z.iso.datetime(),
  by: z.string(),
  action: z.enum(['promote', 'rollback', 'shadow']),
  live: version.describe('Candidate in force; null: the configuration’s own rules and weights.'),
  shadow: version.describe('Candidate that shadows it and decides nothing; null: none.'),
  why: z.string().describe('The figures behind the decision, or a reason.'),
})
export type JournalEntry = z.infer<typeof JournalEntry>
