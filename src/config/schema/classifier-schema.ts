import { z } from 'zod'
import { PROMPT_CLASSES } from '../../base/prompt-class.ts'

export const Classifier = z.strictObject({
  rules: z
    .string()
    .optional()
    .describe('Rules file, relative to this file. Absent: `rules.yaml` next to it, else the one that ships.'),
  weights: z
    .string()
    .optional()
    .describe(
      'Weights file, relative to this file. Absent: `classifier.bin` next to it, else the one that ships.',
    ),
  candidates: z
    .string()
    .min(1)
    .optional()
    .describe(
      'Folder for candidates and the journal of promotions, relative to the working directory. Absent: `candidates` next to `store.sqlite`.',
    ),
  abstain_below: z
    .number()
    .min(0)
    .max(1)
    .prefault(0.5)
    .describe(
      'Calibrated confidence below which the classifier abstains. Raise it to send more doubtful prompts to `abstain_to`.',
    ),
  abstain_to: z
    .enum(PROMPT_CLASSES)
    .prefault('language_heavy')
    .describe('Class used when the classifier abstains.'),
})

export const Shadow = z
  .strictObject({
    rules: z
      .string()
      .optional()
      .describe('The shadow’s rules file, relative to this file. Absent: the rules in force.'),
    weights: z
      .string()
      .optional()
      .describe('The shadow’s weights file, relative to this file. Absent: the weights in force.'),
  })
  .refine(({ rules, weights }) => rules !== undefined || weights !== undefined, {
    error: 'names neither rules nor weights, so its verdicts would be the same as the live ones',
  })
