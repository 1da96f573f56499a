import { z } from 'zod'
import { PROMPT_CLASSES } from '../base/prompt-class.ts'

const count = z.number().int().nullable()
const text = z.string().nullable()

/** Of a row that the classifier decided: what was decided, what it came to, and what was kept of the prompt. */
export const DecisionLine = z.object({
  id: z.string(),
  at: z.number(),
  team: z.string(),
  class: z.enum(PROMPT_CLASSES),
  confidence: z.number(),
  cause: z.string(),
  rules_version: z.string(),
  weights_version: z.string(),
  target: text,
  input_tokens: count,
  cached_tokens: count,
  output_tokens: count,
  reasoning_tokens: count,
  cost_nusd: count,
  label: text,
  prompt: text,
})
export type DecisionLine = z.infer<typeof DecisionLine>

export const DECISION_COLUMNS: readonly string[] = Object.keys(DecisionLine.shape)

/** SQL: rows of requests that have ended and whose class the classifier chose. */
export const DECIDED = `outcome IS NOT NULL AND rules_version IS NOT NULL AND class IS NOT NULL
  AND confidence IS NOT NULL AND cause IS NOT NULL`

export const UNLABELLED = 'label IS NULL'

/** SQL: how much a label of the row would teach: what was spent on it, as far as that may have been a mistake. */
export const WORTH = '(1 - confidence) * (coalesce(cost_nusd, 0) + 1)'
