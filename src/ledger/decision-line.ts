import { z } from 'zod'
import { isPromptClass, PROMPT_CLASSES } from '../base/prompt-class.ts'

const count = z.number().int().nullable()
const text = z.string().nullable()

/** A row the classifier decided: the decision, its cost and tokens, and what was kept of the prompt. */
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

/**
 * Parses a line from a store's columns. A replay reads a hundred thousand lines, so the schema's checks are
 * first done by hand; a line that fails them goes to the schema, which decides and explains.
 */
export function decisionLine(columns: Columns): DecisionLine {
  return isPlain(columns) ? columns : DecisionLine.parse(columns)
}

type Columns = Readonly<Record<string, unknown>>

function isPlain(line: Columns): line is DecisionLine {
  return (
    typeof line.id === 'string' &&
    Number.isFinite(line.at) &&
    typeof line.team === 'string' &&
    typeof line.class === 'string' &&
    isPromptClass(line.class) &&
    Number.isFinite(line.confidence) &&
    typeof line.cause === 'string' &&
    typeof line.rules_version === 'string' &&
    typeof line.weights_version === 'string' &&
    isText(line.target) &&
    isCount(line.input_tokens) &&
    isCount(line.cached_tokens) &&
    isCount(line.output_tokens) &&
    isCount(line.reasoning_tokens) &&
    isCount(line.cost_nusd) &&
    isText(line.label) &&
    isText(line.prompt)
  )
}

function isText(value: unknown): boolean {
  return value === null || typeof value === 'string'
}

function isCount(value: unknown): boolean {
  return value === null || Number.isSafeInteger(value)
}

export const DECISION_COLUMNS: readonly string[] = Object.keys(DecisionLine.shape)

/**
 * SQL: rows of requests that have ended and whose class the classifier chose. This and the next two are also
 * the index `ledger_to_review` in Postgres, word for word: a change needs a migration step that makes it
 * anew.
 */
export const DECIDED = `outcome IS NOT NULL AND rules_version IS NOT NULL AND class IS NOT NULL
  AND confidence IS NOT NULL AND cause IS NOT NULL`

export const UNLABELLED = 'label IS NULL'

/**
 * SQL: how much a label of the row would teach: its cost, weighted by the chance that the decision was wrong.
 */
export const WORTH = '(1 - confidence) * (coalesce(cost_nusd, 0) + 1)'
