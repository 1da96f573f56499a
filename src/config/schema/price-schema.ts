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
    .describe('USD per million input tokens written to the prompt cache; absent: same as `input`.'),
  output: perMillion.describe('USD per million output tokens, including hidden reasoning.'),
  audio: MediumRates.meta({ title: 'rates' })
    .optional()
    .describe('Rates for audio tokens: `input`, `cached_input`, `output`; absent: same as text.'),
  image: MediumRates.meta({ title: 'rates' })
    .optional()
    .describe('Rates for image tokens: `input`, `cached_input`, `output`; absent: same as text.'),
})

const LongPrompt = Rates.extend({
  above: z.int().min(1).describe('Prompt length in input tokens above which these rates apply.'),
})

const TierPrice = Rates.extend({
  long_prompt: LongPrompt.optional().describe(
    'Rates for the whole request if its prompt is longer than `above`.',
  ),
})

/** A tier repeats the keys of a price, so the documentation lists them once. */
const tier = (name: string) =>
  TierPrice.meta({ title: 'rates' })
    .optional()
    .describe(`Rates for responses that report the ${name} tier; absent: same as standard.`)

/** The rates of a model; a tier has the same keys again. */
export const Price = TierPrice.extend({
  batch: tier('batch'),
  flex: tier('flex'),
  priority: tier('priority (“fast”)'),
})

export const DatedPrice = Price.extend({
  since: date().describe('First day (UTC) this price applies.'),
})
