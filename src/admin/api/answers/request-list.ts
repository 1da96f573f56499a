import { z } from 'zod'
import { PROMPT_CLASSES } from '../../../base/prompt-class.ts'
import { LedgerLine } from '../../../ledger/line.ts'

const { evidence: _evidence, prompt: _prompt, ...columns } = LedgerLine.shape

/** A request as lists and the live log show it: its row without evidence, and an excerpt of the prompt. */
export const ListedRequest = z.strictObject({
  ...columns,
  at: z.iso.datetime(),
  stream: z.boolean(),
  outcome: columns.outcome.describe('Null while the request is in flight.'),
  baseline_nusd: columns.baseline_nusd.describe(
    'What the same tokens would have cost on the first model of language_heavy.',
  ),
  label: z.enum(PROMPT_CLASSES).nullable(),
  excerpt: z
    .string()
    .nullable()
    .describe('Beginning of the prompt, redacted, as far as the team’s `capture` keeps it.'),
})
export type ListedRequest = z.infer<typeof ListedRequest>

/** The requests of a period, newest first, as far as one look got before its time was up. */
export const RequestList = z.strictObject({
  data: z.array(ListedRequest),
  next_cursor: z.string().nullable().describe('Cursor of the next page; null if there is nothing more.'),
  looked_back_to: z.iso.datetime().describe('All matches that are no older than this are in the list.'),
  complete: z.boolean().describe('False if time ran out before the page was full. `next_cursor` continues.'),
})
export type RequestList = z.infer<typeof RequestList>
