import { z } from 'zod'
import { CAPABILITIES } from '../base/target.ts'
import { isExactRate } from '../pricing/price-list.ts'
import { date } from './units.ts'

const perMillion = z
  .number()
  .min(0)
  .max(1_000_000)
  .refine(
    isExactRate,
    'finer than a millionth of a dollar per million tokens; it could not be summed exactly',
  )

const MediumRates = z.strictObject({
  input: perMillion.describe('USD per million input tokens.'),
  cached_input: perMillion
    .optional()
    .describe('USD per million input tokens read from the prompt cache; absent: no discount.'),
  output: perMillion.describe('USD per million output tokens.'),
})

const Rates = z.strictObject({
  input: perMillion.describe('USD per million input tokens.'),
  cached_input: perMillion
    .optional()
    .describe('USD per million input tokens read from the prompt cache; absent: no discount.'),
  cache_write: perMillion
    .optional()
    .describe('USD per million input tokens written to the prompt cache; absent: as `input`.'),
  output: perMillion.describe('USD per million output tokens, hidden reasoning included.'),
  audio: MediumRates.meta({ title: 'rates' })
    .optional()
    .describe('Rates of sound: `input`, `cached_input`, `output`; absent: as text.'),
  image: MediumRates.meta({ title: 'rates' })
    .optional()
    .describe('Rates of images: `input`, `cached_input`, `output`; absent: as text.'),
})

const LongPrompt = Rates.extend({
  above: z.int().min(1).describe('Input tokens above which these rates hold.'),
})

const TierPrice = Rates.extend({
  long_prompt: LongPrompt.optional().describe('Rates of the whole request once its prompt is longer.'),
})

/** A tier's rates are the keys of a price once more, so the documentation lists them once. */
const tier = (name: string) =>
  TierPrice.meta({ title: 'rates' })
    .optional()
    .describe(`Rates of answers that say the ${name} tier served them; absent: as the standard tier.`)

const Price = TierPrice.extend({
  batch: tier('batch'),
  flex: tier('flex'),
  priority: tier('priority (“fast”)'),
})

const DatedPrice = Price.extend({
  since: date().describe('First day (UTC) this price is in force.'),
})

const tokens = z.int().min(1).max(100_000_000)

const ImageRule = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z
      .literal('tiles')
      .meta({ title: '`tiles` or `patches`' })
      .describe('How images are counted: 512-px `tiles` or 32-px `patches`.'),
    base: z.int().min(0).describe('Tiles: tokens of any image.'),
    tile: z.int().min(0).describe('Tiles: tokens of each 512-px tile.'),
  }),
  z.strictObject({
    kind: z.literal('patches'),
    most: z.int().min(1).describe('Patches: the most an image counts.'),
    multiplier: z.number().positive().describe('Patches: tokens per 32-px patch.'),
  }),
])

/** What a file says of one model. Every key may be absent: `same_as` or the catalogue fills it in. */
export const ModelEntry = z
  .strictObject({
    same_as: z.string().optional().describe('Takes every key that is absent here from that model.'),
    upstream: z.string().optional().describe('The upstream that serves it.'),
    context: tokens.optional().describe('Tokens of input and output together.'),
    max_output: tokens.optional().describe('Most output tokens, hidden reasoning included.'),
    reasoning: z
      .boolean()
      .optional()
      .describe('Whether it thinks in hidden tokens that are billed as output.'),
    capabilities: z
      .array(z.enum(CAPABILITIES))
      .optional()
      .describe('What a request may carry; what is missing is adapted, or another model serves.'),
    images: ImageRule.optional().describe('How many tokens an image counts.'),
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

/** Models are named in headers of requests and answers, which hold no other characters for certain. */
export const ModelName = z
  .string()
  .regex(/^[!-~]+$/, 'expected letters, digits and signs of ASCII, without spaces')

/** `config/models.yaml`. */
export const Catalogue = z.strictObject({
  checked: date().describe('Day the figures were last compared with the vendor’s pages.'),
  models: z.record(ModelName, ModelEntry),
})
export type Catalogue = z.infer<typeof Catalogue>
