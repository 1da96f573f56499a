import { z } from 'zod'
import { PROMPT_CLASSES } from '../../../base/prompt-class.ts'

const count = z.number().int()
const share = z.number().nullable()
const interval = z
  .tuple([z.number(), z.number()])
  .nullable()
  .describe('95 % confidence interval of `agreement`.')
const Group = { labelled: count, agreement: share, interval }

/** How often people and the classifier agree, over labelled requests. */
export const Agreement = z.strictObject({
  ...Group,
  complete: z.boolean().describe('False if there are more labelled requests than could be read in time.'),
  classes: z.array(z.enum(PROMPT_CLASSES)).describe('Order of the rows and columns of `confusion`.'),
  confusion: z.array(z.array(count)).describe('One row per label, one column per verdict.'),
  reliability: z.array(
    z.strictObject({
      from: z.number(),
      to: z.number(),
      count,
      confidence: share.describe('Mean confidence of the verdicts in this bin.'),
      right: share.describe('Fraction of these verdicts that match their label.'),
    }),
  ),
  teams: z.array(z.strictObject({ team: z.string(), ...Group })),
  languages: z.array(
    z.strictObject({
      language: z
        .string()
        .describe('Guessed from the kept words; "unknown" if none were kept or the language is not clear.'),
      ...Group,
    }),
  ),
})
export type Agreement = z.infer<typeof Agreement>
