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
      .describe(
        'True if the classifier in force computes the same logits from what was kept as the row has.',
      ),
    class: z.enum(PROMPT_CLASSES).describe('Verdict of the classifier in force.'),
    pulls: z.array(
      z.strictObject({
        feature: z.string().describe('A word as it was read, or the name of a shape feature.'),
        pull: z.number().describe('Log-odds towards the class, relative to the mean of the other two.'),
      }),
    ),
  })
  .nullable()
export type RequestExplanation = z.infer<typeof RequestExplanation>
