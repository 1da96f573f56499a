import assert from 'node:assert/strict'
import { test } from 'node:test'
import { loadConfig } from '../../../src/config/load.ts'
import { createPriceBook } from '../../../src/pricing/price-book.ts'
import { problemsOf, sample, write } from './sample.ts'

const at = (day: string) => Date.parse(day)

test('knows o1-mini as it was: streams, both endpoints, its own output cap, and nothing newer', () => {
  const model = loadConfig('config/trivium.yaml', { OPENAI_API_KEY: 'x' }).models.get('o1-mini')
  assert.deepEqual([...(model?.capabilities ?? [])].sort(), [
    'logit_bias',
    'max_completion_tokens',
    'responses',
    'stream',
  ])
  assert.equal(model?.reasoning, true)
  assert.equal(model?.context, 128_000)
  assert.equal(model?.maxOutput, 65_536)
  assert.equal(model?.shutdownAt, at('2025-10-27'))
})

test('prices models by date, in pico-dollars per token', () => {
  const { models } = loadConfig('config/trivium.yaml', { OPENAI_API_KEY: 'x' })
  const book = createPriceBook([...models.values()].flatMap(({ prices }) => prices))
  const price = (model: string, day: string) => {
    const known = book.priceOf(model, at(day))
    return known && [known.input, known.cachedInput, known.output]
  }
  assert.equal(price('gpt-4o-mini', '2024-07-17'), undefined)
  assert.deepEqual(price('gpt-4o-mini', '2026-11-21'), [150_000, 75_000, 600_000])
  assert.deepEqual(price('gpt-4o', '2024-06-01'), [5_000_000, 5_000_000, 15_000_000])
  assert.deepEqual(price('gpt-4o', '2026-11-21'), [2_500_000, 1_250_000, 10_000_000])
  assert.deepEqual(price('o1-mini', '2024-12-01'), [3_000_000, 1_500_000, 12_000_000])
  assert.deepEqual(price('o1-mini', '2026-11-21'), [1_100_000, 550_000, 4_400_000])
  assert.deepEqual(price('gpt-5.6-terra', '2026-07-29'), [2_500_000, 250_000, 15_000_000])
  assert.deepEqual(price('gpt-5.6-terra', '2026-07-30'), [2_000_000, 200_000, 12_000_000])
  assert.deepEqual(price('gpt-6-luna', '2026-11-21'), [100_000, 10_000, 500_000])
})

test('every model has a price, an images rule if it takes images, and an output cap below its context', () => {
  const { models } = loadConfig('config/trivium.yaml', { OPENAI_API_KEY: 'x' })
  for (const model of models.values()) {
    assert.ok(model.prices.length > 0, model.model)
    assert.equal(model.capabilities.has('images'), model.images !== undefined, model.model)
    assert.ok(model.maxOutput < model.context, model.model)
    assert.ok(model.replacedBy === undefined || models.has(model.replacedBy), model.model)
    if (model.reasoning) assert.ok(!model.capabilities.has('max_tokens'), model.model)
  }
})

test('prices gpt-5.6 and later for long prompts and for cache writes', () => {
  const { models } = loadConfig('config/trivium.yaml', { OPENAI_API_KEY: 'x' })
  const price = models.get('gpt-6.1-sol')?.prices.at(-1)?.price
  assert.equal(price?.cacheWrite, 2_500_000)
  assert.equal(price?.longPrompt?.above, 272_000)
  assert.deepEqual(price?.longPrompt?.rates, {
    input: 4_000_000,
    cachedInput: 200_000,
    cacheWrite: 5_000_000,
    output: 15_000_000,
  })
})

test('flex and batch cost half the standard price, and priority costs more', () => {
  const { models } = loadConfig('config/trivium.yaml', { OPENAI_API_KEY: 'x' })
  let compared = 0
  for (const { model, prices } of models.values()) {
    for (const { price } of prices) {
      for (const tier of [price.tiers?.batch, price.tiers?.flex]) {
        if (tier === undefined) continue
        compared += 1
        assert.ok(tier.input * 2 === price.input && tier.output * 2 === price.output, model)
        assert.ok(tier.cachedInput <= price.input && tier.cacheWrite <= price.cacheWrite, model)
      }
      const dear = price.tiers?.priority
      if (dear !== undefined) assert.ok(dear.input > price.input && dear.output > price.output, model)
    }
  }
  assert.ok(compared > 30)
})

test('every model with a priority price has the service_tier capability', () => {
  const { models } = loadConfig('config/trivium.yaml', { OPENAI_API_KEY: 'x' })
  for (const { model, prices, capabilities } of models.values()) {
    if (prices.some(({ price }) => price.tiers?.priority)) assert.ok(capabilities.has('service_tier'), model)
  }
})

test('overlays the configuration on the catalogue key by key', (t) => {
  const { models } = loadConfig(
    write(t, sample('models:\n  gpt-4o: { shutdown: never, price: { input: 1, output: 2 } }')),
    {},
  )
  const model = models.get('gpt-4o')
  assert.equal(model?.shutdownAt, undefined)
  assert.equal(model?.stays, true)
  assert.equal(model?.maxOutput, 16_384)
  assert.deepEqual(
    model?.prices.map(({ since, price }) => [since, price.input]),
    [[0, 1_000_000]],
  )
  assert.equal(models.get('gpt-4o-2024-11-20')?.shutdownAt, undefined, 'inherits what same_as names')
})

test('accepts a new model priced at zero, and one defined by same_as', (t) => {
  const more = `models:
  sky: { upstream: openai, price: { input: 0, output: 0 }, context: 32768, max_output: 16384, capabilities: [stream] }
  twin: { same_as: sky, context: 4096 }
`
  const { models } = loadConfig(write(t, sample(more)), {})
  assert.equal(models.get('sky')?.prices[0]?.price.input, 0)
  assert.equal(models.get('twin')?.maxOutput, 16_384)
  assert.equal(models.get('twin')?.context, 4096)
})

test('applies the rules of a family, overridden by the model’s own keys', (t) => {
  const more = `models:
  sky: { upstream: openai, family: vllm, price: { input: 0, output: 0 }, context: 32768, max_output: 16384 }
  twin: { same_as: sky, refuses: [seed] }
  other: { same_as: gpt-4o, family: openai-compatible }
`
  const { models } = loadConfig(write(t, sample(more)), {})
  assert.ok(models.get('sky')?.capabilities.has('logprobs'))
  assert.ok(models.get('twin')?.capabilities.has('logprobs'))
  assert.deepEqual([models.get('sky')?.refuses, models.get('twin')?.refuses], [[], ['seed']])
  assert.equal(models.get('other')?.capabilities.has('tools'), false)
})

test('knows each generation’s efforts, and what it accepts only without reasoning', () => {
  const { models } = loadConfig('config/trivium.yaml', { OPENAI_API_KEY: 'x' })
  const rule = (model: string) => {
    const effort = models.get(model)?.effort
    return effort && [effort.values.join(' '), effort.usual, [...effort.atNone].join(' ')]
  }
  assert.equal(rule('o1-mini'), undefined)
  assert.equal(rule('gpt-4o'), undefined)
  assert.deepEqual(rule('o4-mini'), ['low medium high', 'medium', ''])
  assert.deepEqual(rule('gpt-5-mini'), ['minimal low medium high', 'medium', ''])
  assert.deepEqual(rule('gpt-5.1'), ['none low medium high', 'none', 'sampling logprobs'])
  const luna = ['none low medium high xhigh', undefined, 'sampling logprobs tools custom_tools']
  assert.deepEqual(rule('gpt-6-luna'), luna)
})

const mistakes: Readonly<Record<string, readonly [models: string, problem: RegExp]>> = {
  'an incomplete model': [
    'm: { upstream: openai }',
    /^8: models\.m: needs context, max_output, capabilities, or/,
  ],
  'an unknown same_as': [
    'm: { same_as: gpt-4 }',
    /^8: models\.m: same_as names the unknown model "gpt-4"; did you/,
  ],
  'a circle of same_as': ['a: { same_as: b }\n  b: { same_as: a }', /same_as forms a cycle through "a"/],
  'an unknown family': ['m: { family: vlm }', /^8: models\.m: unknown family "vlm"; did you mean "vllm"\?/],
  'a field that is none': ['gpt-4o: { refuses: [Store] }', /refuses\[0\]: expected the name of a field/],
  'an unknown effort': ['gpt-5: { effort: { values: [lo] } }', /effort\.values\[0\].*did you mean "low"/],
  'images without a rule': ['o1-mini: { capabilities: [images] }', /takes images but has no images rule/],
  'a price too fine to be exact': [
    'gpt-4o: { price: { input: 0.00000015, output: 1 } }',
    /^8: models\.gpt-4o\.price\.input: finer than a millionth/,
  ],
  'a tier’s price that is none': [
    'gpt-4o: { price: { input: 1, output: 1, flex: { input: -1, output: 1 } } }',
    /^8: models\.gpt-4o\.price\.flex\.input: must be at least 0/,
  ],
  'an unknown key of a tier': [
    'gpt-4o: { price: { input: 1, output: 1, priority: { input: 1, ouput: 1 } } }',
    /^8: models\.gpt-4o\.price\.priority\.ouput: unknown key; did you mean "output"\?/m,
  ],
  'a cache write for sound': [
    'gpt-4o: { price: { input: 1, output: 1, audio: { input: 1, cache_write: 1, output: 1 } } }',
    /^8: models\.gpt-4o\.price\.audio\.cache_write: unknown key/,
  ],
  'a price in words': [
    'gpt-4o: { prices: [{ since: 2027-01-01, input: free, output: 1 }] }',
    /^8: models\.gpt-4o\.prices\[0\]\.input: expected a number, found text/,
  ],
  'two prices of one day': [
    'gpt-4o: { prices: [{ since: 2027-01-01, input: 1, output: 1 }, { since: 2027-01-01, input: 2, output: 2 }] }',
    /two prices start on the same day/,
  ],
  'price beside prices': [
    'm: { same_as: gpt-4o, price: { input: 1, output: 1 }, prices: [{ since: 2027-01-01, input: 1, output: 1 }] }',
    /^8: models\.m\.price: give price or prices, not both/,
  ],
  'an unknown capability': ['gpt-4o: { capabilities: [sytem] }', /did you mean "system"\?/],
}

for (const [name, [models, problem]] of Object.entries(mistakes)) {
  test(`refuses ${name}`, (t) => {
    const file = write(t, sample(`models:\n  ${models}\n`))
    assert.match(problemsOf(() => loadConfig(file, {})).join('\n'), problem)
  })
}
