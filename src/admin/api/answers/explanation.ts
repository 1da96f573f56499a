import { z } from 'zod'
import { PROMPT_CLASSES } from '../../../base/prompt-class.ts'

/**
 * What the words of a request pulled towards, as far as they were stored; null if none were or no classifier
 * decided.
 */
export const RequestExplanation = z
  .strictObject({
    same: z
      .boolean()
      .describe('The classifier in force comes to the very logits of the row on what was kept.'),
    class: z.enum(PROMPT_CLASSES).describe('What it says now.'),
    pulls: z.array(
      z.strictObject({
        feature: z.string().describe('A word as it was read, or the name of a shape.'),
        pull: z.number().describe('Log-odds towards the class, against the mean of the other two.'),
      }),
    ),
  })
  .nullable()
export type RequestExplanation = z.infer<typeof RequestExplanation>
