import { z } from 'zod'
import { PROMPT_CLASSES } from '../../../base/prompt-class.ts'
import { OUTCOMES } from '../../../budget/row.ts'

const count = z.number().int().nullable()
const text = z.string().nullable()

/** A request as lists and the live log show it: its row without evidence, and of the prompt an excerpt. */
export const ListedRequest = z.strictObject({
  id: z.string(),
  at: z.iso.datetime(),
  team: z.string(),
  key: z.string(),
  endpoint: z.string(),
  stream: z.boolean(),
  requested_model: z.string(),
  class: z.enum(PROMPT_CLASSES).nullable(),
  confidence: z.number().nullable(),
  cause: text,
  rules_version: text,
  weights_version: text,
  conversation: text,
  target: text,
  answered_model: text,
  upstream: text,
  attempts: count,
  adapted: text,
  status: count,
  outcome: z.enum(OUTCOMES).nullable().describe('Null: the request is still in flight.'),
  error_code: text,
  input_tokens: count,
  cached_tokens: count,
  output_tokens: count,
  reasoning_tokens: count,
  usage_source: text,
  cost_nusd: count,
  held_nusd: z.number(),
  baseline_nusd: count.describe('What the same tokens had cost on the first model of language_heavy.'),
  ms_to_first_byte: z.number().nullable(),
  ms_total: z.number().nullable(),
  ms_proxy: z.number().nullable(),
  label: z.enum(PROMPT_CLASSES).nullable(),
  labelled_by: text,
  excerpt: text.describe('The beginning of what was asked, redacted, as far as the team’s capture keeps it.'),
})
export type ListedRequest = z.infer<typeof ListedRequest>

/** A look at the requests of a time, newest first, which ends when its time is up. */
export const RequestList = z.strictObject({
  data: z.array(ListedRequest),
  next_cursor: text.describe('Goes on where this look ended; null where there is nothing more.'),
  looked_back_to: z.iso.datetime().describe('All that match and are not older are in the list.'),
  complete: z.boolean().describe('False: time ran out before the list was full. The cursor goes on.'),
})
export type RequestList = z.infer<typeof RequestList>
