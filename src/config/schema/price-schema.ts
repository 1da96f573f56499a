import { z } from 'zod'
import { isExactRate } from '../../pricing/price-list.ts'
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

/** A tier repeats the keys of a price, so the documentation lists them once. */
const tier = (name: string) =>
  TierPrice.meta({ title: 'rates' })
    .optional()
    .describe(`Rates of answers that say the ${name} tier served them; absent: as the standard tier.`)

/** The rates of a model; a tier has the same keys again. */
export const Price = TierPrice.extend({
  batch: tier('batch'),
  flex: tier('flex'),
  priority: tier('priority (“fast”)'),
})

export const DatedPrice = Price.extend({
  since: date().describe('First day (UTC) this price is in force.'),
})
