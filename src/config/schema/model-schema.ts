import { z } from 'zod'
import { CAPABILITIES, EFFORTS } from '../../base/target.ts'
import { DatedPrice, Price } from './price-schema.ts'
import { date } from './units.ts'

const tokens = z.int().min(1).max(100_000_000)

const WeightedUpstream = z.strictObject({
  name: z.string().describe('An upstream that serves it.'),
  weight: z.number().positive().max(1000).prefault(1).describe('Its share beside the others’.'),
})

const ImageRule = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z
      .literal('tiles')
      .meta({ title: '`tiles`, `patches` or `context`' })
      .describe('How images are counted: 512-px `tiles`, 32-px `patches`, or as all the `context`.'),
    base: z.int().min(0).describe('Tiles: tokens of any image.'),
    tile: z.int().min(0).describe('Tiles: tokens of each 512-px tile.'),
  }),
  z.strictObject({
    kind: z.literal('patches'),
    most: z.int().min(1).describe('Patches: the most an image counts.'),
    multiplier: z.number().positive().describe('Patches: tokens per 32-px patch.'),
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
      'What it takes, of none, minimal, low, medium, high, xhigh, max; others become the next higher.',
    ),
  usual: effort.optional().describe('What it does unasked; absent: not known for certain.'),
  at_none: capabilities
    .optional()
    .describe('What it takes only while it does not reason, with effort `none`.'),
})

/** What the models of one family have in common. */
const rules = {
  reasoning: z.boolean().optional().describe('Whether it thinks in hidden tokens that are billed as output.'),
  tokenizer: z
    .literal('o200k_base')
    .optional()
    .describe('Its vocabulary, by which an answer without usage is counted; absent: by bytes.'),
  capabilities: capabilities
    .optional()
    .describe('What a request may carry; what is missing is adapted, or another model serves.'),
  effort: EffortRule.optional().describe(
    'What it makes of `reasoning_effort`; absent, with that capability: low, medium, high.',
  ),
  doubted: capabilities
    .optional()
    .describe('Capabilities that sources disagree about: it serves such requests last.'),
  refuses: z
    .array(z.string().regex(/^[a-z_]+$/, 'expected the name of a field'))
    .optional()
    .describe('Fields of a request that are no capability and are left out for it.'),
  only_for: capabilities
    .optional()
    .describe('Serves only requests that need one of these; an empty list: no chats at all.'),
  images: ImageRule.optional().describe('How many tokens an image counts.'),
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
    same_as: z.string().optional().describe('Takes every key that is absent here from that model.'),
    family: z
      .string()
      .optional()
      .describe('Takes the rules that are absent here from that family of the catalogue.'),
    upstream: z
      .union([z.string(), z.array(z.union([z.string(), WeightedUpstream])).min(1)], {
        error: 'expected the name of an upstream, or a list of them',
      })
      .optional()
      .describe('The upstream that serves it; of a list, each its share, and the others while one is away.'),
    context: tokens.optional().describe('Tokens of input and output together.'),
    max_output: tokens.optional().describe('Most output tokens, hidden reasoning included.'),
    ...rules,
    shutdown: z
      .union([z.literal('never'), date()], { error: 'expected a date such as 2027-01-14, or never' })
      .optional()
      .describe('Day the vendor takes it off its API; `never` for a deployment of your own.'),
    replaced_by: z.string().optional().describe('The successor the vendor names; shown by `trivium check`.'),
    price: Price.optional().describe('One price for all days; `prices` gives dated ones.'),
    prices: z.array(DatedPrice).min(1).optional().describe('Prices by first day in force.'),
  })
  .refine((entry) => entry.price === undefined || entry.prices === undefined, {
    error: 'give price or prices, not both',
    path: ['price'],
  })
export type ModelEntry = z.infer<typeof ModelEntry>

/** Model names appear in request and response headers, which carry no other characters reliably. */
export const ModelName = z
  .string()
  .regex(/^[!-~]{1,256}$/, 'expected up to 256 letters, digits and signs of ASCII, without spaces')

/** `config/models.yaml`. */
export const Catalogue = z.strictObject({
  checked: date().describe('Day the figures were last compared with the vendor’s pages.'),
  families: z.record(z.string(), Family),
  models: z.record(ModelName, ModelEntry),
})
export type Catalogue = z.infer<typeof Catalogue>
