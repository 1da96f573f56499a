import { z } from 'zod'
import { PROMPT_CLASSES } from '../base/prompt-class.ts'
import { OUTCOMES } from './row.ts'

const count = z.number().int().nullable()
const text = z.string().nullable()

/**
 * A row as `trivium ledger --json` prints it: the store's column names, in this order. Money is in
 * nano-dollars, `at` in milliseconds since the epoch. `outcome` is null while the request is in flight.
 */
export const LedgerLine = z.object({
  id: z.string(),
  at: z.number(),
  team: z.string(),
  key: z.string(),
  endpoint: z.string(),
  stream: z.union([z.boolean(), z.number().transform((flag) => flag === 1)]),
  requested_model: z.string(),
  class: z.enum(PROMPT_CLASSES).nullable(),
  confidence: z.number().nullable(),
  cause: text,
  evidence: text.transform(parsed),
  rules_version: text,
  weights_version: text,
  conversation: text,
  target: text,
  answered_model: text,
  upstream: text,
  attempts: count,
  adapted: text,
  status: count,
  outcome: z.enum(OUTCOMES).nullable(),
  error_code: text,
  input_tokens: count,
  cached_tokens: count,
  output_tokens: count,
  reasoning_tokens: count,
  usage_source: text,
  cost_nusd: count,
  held_nusd: z.number(),
  baseline_nusd: count,
  ms_to_first_byte: z.number().nullable(),
  ms_total: z.number().nullable(),
  ms_proxy: z.number().nullable(),
  prompt: text,
  label: text,
  labelled_by: text,
})
export type LedgerLine = z.infer<typeof LedgerLine>

export const LINE_COLUMNS: readonly string[] = Object.keys(LedgerLine.shape)

/** Evidence is stored as JSON text and printed as the value it encodes. */
function parsed(json: string | null): unknown {
  if (json === null) return null
  try {
    return JSON.parse(json)
  } catch {
    return json
  }
}
