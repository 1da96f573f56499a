import { z } from 'zod'
import { PROMPT_CLASSES } from '../../base/prompt-class.ts'
import { OUTCOMES } from '../../ledger/row.ts'
import type { ListFilter } from '../../ledger/views.ts'

const name = z.string().min(1).max(200)
const share = z.coerce.number().min(0).max(1)
const moment = z.iso.datetime().transform((text) => Date.parse(text))

/** The filters shared by lists, the live log and exports. */
export const FILTERS = {
  team: name.optional(),
  key: name.optional(),
  class: z.enum(PROMPT_CLASSES).optional(),
  cause: name
    .optional()
    .describe('Exact cause. A value ending in ":", such as "rule:", matches all causes that start with it.'),
  confidence_min: share.optional(),
  confidence_max: share.optional(),
  model: name.optional().describe('Model the request was sent to.'),
  outcome: z.enum(OUTCOMES).optional(),
  endpoint: name.optional(),
  label: z.enum([...PROMPT_CLASSES, 'none']).optional(),
  text: name.optional().describe('Text in what was kept of the prompt, case-insensitive.'),
} as const

export const TIMES = { since: moment.optional(), until: moment.optional() } as const

/** Where the next page continues, as given in an earlier response. */
export const CURSOR = z.string().min(1).max(200).optional()

const Filters = z.strictObject({ ...FILTERS, ...TIMES })

/** The filter of the ledger that a query's parameters name. */
export function filterOf(query: z.output<typeof Filters>): ListFilter {
  const { confidence_min: confidenceMin, confidence_max: confidenceMax, ...filter } = query
  return { ...filter, confidenceMin, confidenceMax }
}
