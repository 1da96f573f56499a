import { z } from 'zod'
import { PROMPT_CLASSES } from '../../../base/prompt-class.ts'

const count = z.number().int()
const usd = z.number()

/**
 * What routing saved compared with sending everything to the baseline, at the same token counts, and the
 * limits of that comparison.
 */
const Saved = z.strictObject({
  class: z.enum([...PROMPT_CLASSES, 'none']),
  requests: count,
  compared: count,
  cost_usd: usd.describe('Cost of the requests compared.'),
  baseline_usd: usd,
  saved_usd: usd,
  share: z
    .number()
    .nullable()
    .describe('Savings as a fraction of the baseline; null if nothing was compared.'),
  reasoning_tokens: count,
  reasoning_usd: usd.describe('Cost of reasoning tokens, which the baseline model might not have used.'),
  cached_tokens: count.describe('Input tokens that upstreams read from their prompt caches.'),
  cached_lost_tokens: count.describe(
    'Input tokens that were in no cache because their conversation changed models.',
  ),
  cached_lost_usd: usd.describe('Upper bound on what these tokens cost beyond the cached price.'),
  not_compared: z.strictObject({
    refused: count,
    no_usage: count,
    estimated: count,
    no_baseline: count,
    unsettled: count,
  }),
})

export const Savings = z.strictObject({
  from: z.iso.datetime(),
  to: z.iso.datetime(),
  complete: z.boolean(),
  counted_from: z.iso.datetime(),
  cache_sample: z
    .strictObject({ requests: count, from: z.iso.datetime() })
    .describe(
      'The newest requests of conversations: the basis of `cached_lost_tokens` and `cached_lost_usd`.',
    ),
  baseline_models: z.array(z.string()).describe('The model compared with: the first of language_heavy.'),
  classes: z.array(Saved),
  total: Saved.omit({ class: true }),
  caveats: z.array(z.strictObject({ id: z.string(), text: z.string() })),
})
export type Savings = z.infer<typeof Savings>
