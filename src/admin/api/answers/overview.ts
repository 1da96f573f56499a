import { z } from 'zod'

const count = z.number().int()
const usd = z.number()
const between = z.strictObject({ p50: z.number().nullable(), p95: z.number().nullable() })

const Point = z.strictObject({
  at: z.iso.datetime(),
  requests: count,
  errors: count.describe('Upstream errors and broken answers.'),
  cost_usd: usd,
  baseline_usd: usd,
  classes: z.strictObject({
    stem_reasoning: count,
    factual_recall: count,
    language_heavy: count,
    none: count,
  }),
  confidence: z.number().nullable().describe('Mean confidence of the classifier’s verdicts.'),
  abstained: count,
  ms_first_byte: between,
  ms_total: between,
})

/** Activity in a window of time. Percentiles are within a tenth of the true ones. */
export const Overview = z.strictObject({
  from: z.iso.datetime(),
  to: z.iso.datetime(),
  step_seconds: count,
  complete: z.boolean().describe('False while rows in the window are still being counted.'),
  counted_from: z.iso.datetime().describe('Everything since then is counted.'),
  totals: z.strictObject({
    requests: count,
    ok: count,
    refused: count,
    upstream_error: count,
    broken: count,
    client_left: count,
    unsettled: count,
    cost_usd: usd,
    baseline_usd: usd.describe('Cost on the baseline model; where no baseline is known, the cost paid.'),
    input_tokens: count,
    output_tokens: count,
    reasoning_tokens: count,
    cached_tokens: count,
  }),
  series: z.array(Point),
  confidence_histogram: z.array(count).length(10),
  budgets: z
    .array(
      z.strictObject({
        id: z.string(),
        team: z.string(),
        key: z.string().nullable(),
        per: z.string(),
        limit_usd: usd,
        spent_usd: usd,
        held_usd: usd,
        resets_at: z.iso.datetime().nullable(),
      }),
    )
    .describe('Closest to exhaustion first.'),
  retirements: z.array(
    z.strictObject({
      model: z.string(),
      at: z.iso.datetime(),
      days: count,
      routed: count.describe('Requests in the window that went to this model.'),
    }),
  ),
  health: z.strictObject({ ready: z.boolean(), checks: z.record(z.string(), z.string()) }),
})
export type Overview = z.infer<typeof Overview>
