import { z } from 'zod'
import { CAPABILITIES, EFFORTS } from '../../base/target.ts'
import { DatedPrice, Price } from './price-schema.ts'
import { date } from './units.ts'

const tokens = z.int().min(1).max(100_000_000)

const WeightedUpstream = z.strictObject({
  name: z.string().describe('An upstream that serves the model.'),
  weight: z
    .number()
    .positive()
    .max(1000)
    .prefault(1)
    .describe('Its share of requests, relative to the other weights.'),
})

const ImageRule = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z
      .literal('tiles')
      .meta({ title: '`tiles`, `patches` or `context`' })
      .describe('By 512-px `tiles`, by 32-px `patches`, or as the whole `context`.'),
    base: z.int().min(0).describe('`tiles`: base tokens per image.'),
    tile: z.int().min(0).describe('`tiles`: tokens per 512-px tile.'),
  }),
  z.strictObject({
    kind: z.literal('patches'),
    most: z.int().min(1).describe('`patches`: most patches counted per image.'),
    multiplier: z.number().positive().describe('`patches`: tokens per 32-px patch.'),
  }),
  z.strictObject({ kind: z.literal('context') }),
])

const capabilities = z.array(z.enum(CAPABILITIES))

const effort = z.enum(EFFORTS).meta({ title: 'effort' })

const EffortRule = z.strictObject({
  values: z
    .array(effort)
    .min(1)
    .describe(
      'Accepted values, out of none, minimal, low, medium, high, xhigh, max. Others become the next higher accepted one, else the highest.',
    ),
  usual: effort
    .optional()
    .describe('Value used when the request states none. Absent: not known for certain.'),
  at_none: capabilities
    .optional()
    .describe('Capabilities it has only without reasoning, that is, with effort `none`.'),
})

/** What the models of one family have in common. */
const rules = {
  reasoning: z
    .boolean()
    .optional()
    .describe('Whether the model uses hidden reasoning tokens, which are billed as output.'),
  tokenizer: z
    .literal('o200k_base')
    .optional()
    .describe(
      'Encoding used to count tokens if a response reports no usage. Absent: bytes are counted instead.',
    ),
  capabilities: capabilities
    .optional()
    .describe(
      'Request features the model supports. For any other, the request is adapted or another model serves.',
    ),
  effort: EffortRule.optional().describe(
    'How the model handles `reasoning_effort`. Absent, but with that capability: low, medium and high are accepted.',
  ),
  doubted: capabilities
    .optional()
    .describe('Capabilities on which sources disagree. The model is tried last for requests that need one.'),
  refuses: z
    .array(z.string().regex(/^[a-z_]+$/, 'expected the name of a field'))
    .optional()
    .describe('Request fields to remove for this model, beyond those that capabilities cover.'),
  only_for: capabilities
    .optional()
    .describe('Serve only requests that need one of these capabilities. An empty list: no chats at all.'),
  images: ImageRule.optional().describe('How image tokens are counted.'),
}

/** `families` of the catalogue: rules without figures. */
export const Family = z.strictObject(rules)
export type Family = z.infer<typeof Family>

/**
 * A file's entry for one model. Every key may be absent and is then filled in from `same_as`, the family or
 * the catalogue.
 */
export const ModelEntry = z
  .strictObject({
    same_as: z.string().optional().describe('Another model; keys absent here are taken from it.'),
    family: z.string().optional().describe('Family in the catalogue; rules absent here are taken from it.'),
    upstream: z
      .union([z.string(), z.array(z.union([z.string(), WeightedUpstream])).min(1)], {
        error: 'expected the name of an upstream, or a list of them',
      })
      .optional()
      .describe(
        'Upstream that serves the model. With a list, each takes its share, and the others take over while one is down.',
      ),
    context: tokens.optional().describe('Context window: input and output tokens together.'),
    max_output: tokens.optional().describe('Maximum output tokens, including hidden reasoning.'),
    ...rules,
    shutdown: z
      .union([z.literal('never'), date()], { error: 'expected a date such as 2027-01-14, or never' })
      .optional()
      .describe(
        'Day the vendor removes the model from its API; `never` for your own deployment, whatever its upstream’s list says.',
      ),
    replaced_by: z.string().optional().describe('Successor named by the vendor; shown by `trivium check`.'),
    price: Price.optional().describe('One price for all dates. For prices that change, use `prices`.'),
    prices: z.array(DatedPrice).min(1).optional().describe('Dated prices; each applies from its `since`.'),
  })
  .refine((entry) => entry.price === undefined || entry.prices === undefined, {
    error: 'give price or prices, not both',
    path: ['price'],
  })
export type ModelEntry = z.infer<typeof ModelEntry>

/** Model names appear in request and response headers, which carry no other characters reliably. */
export const ModelName = z
  .string()
  .regex(/^[!-~]{1,256}$/, 'expected up to 256 printable ASCII characters, without spaces')

/** `config/models.yaml`. */
export const Catalogue = z.strictObject({
  checked: date().describe('Day the figures were last compared with the vendor’s pages.'),
  families: z.record(z.string(), Family),
  models: z.record(ModelName, ModelEntry),
})
export type Catalogue = z.infer<typeof Catalogue>
