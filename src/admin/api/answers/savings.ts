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
  cost_usd: usd.describe('Of those compared.'),
  baseline_usd: usd,
  saved_usd: usd,
  share: z.number().nullable().describe('Of the baseline; null where nothing was compared.'),
  reasoning_tokens: count,
  reasoning_usd: usd.describe('Paid for thoughts that the baseline model might not have had.'),
  cached_tokens: count.describe('Input that upstreams found in their prompt caches.'),
  cached_lost_tokens: count.describe('Input that was in no cache because its conversation changed models.'),
  cached_lost_usd: usd.describe('What these tokens cost beyond the price of cached ones, at the most.'),
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
    .describe('The newest requests of conversations, of which cached_lost_tokens and cached_lost_usd tell.'),
  baseline_models: z.array(z.string()).describe('The first model of language_heavy: what is compared with.'),
  classes: z.array(Saved),
  total: Saved.omit({ class: true }),
  caveats: z.array(z.strictObject({ id: z.string(), text: z.string() })),
})
export type Savings = z.infer<typeof Savings>
