import { z } from 'zod'
import { PROMPT_CLASSES } from '../../../base/prompt-class.ts'

const count = z.number().int()
const share = z.number().nullable()
const interval = z.tuple([z.number(), z.number()]).nullable().describe('Where it lies in 95 of 100 cases.')
const Group = { labelled: count, agreement: share, interval }

/** How often people and the classifier agree, over labelled requests. */
export const Agreement = z.strictObject({
  ...Group,
  complete: z.boolean().describe('False: there are more labelled requests than one look reads.'),
  classes: z.array(z.enum(PROMPT_CLASSES)).describe('The order of the rows and columns of the matrix.'),
  confusion: z.array(z.array(count)).describe('A row for each label, a column for each verdict.'),
  reliability: z.array(
    z.strictObject({
      from: z.number(),
      to: z.number(),
      count,
      confidence: share.describe('The mean of what was claimed.'),
      right: share.describe('How often it was right.'),
    }),
  ),
  teams: z.array(z.strictObject({ team: z.string(), ...Group })),
  languages: z.array(
    z.strictObject({
      language: z
        .string()
        .describe('As the kept words look; "unknown" where none were kept or none is clear.'),
      ...Group,
    }),
  ),
})
export type Agreement = z.infer<typeof Agreement>
