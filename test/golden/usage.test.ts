import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { parse, stringify } from 'yaml'
import { z } from 'zod'
import { loadConfig } from '../../src/config/load.ts'
import { costOf } from '../../src/pricing/cost.ts'
import { createPriceBook, type PriceBook } from '../../src/pricing/price-book.ts'
import { readAnswer } from '../../src/upstream/answer-report.ts'
import { ChatFrames } from '../../src/upstream/frames/chat-frames.ts'
import { StreamMeter } from '../../src/upstream/frames/stream-meter.ts'
import { amountOf } from './arithmetic.ts'

const Golden = z.strictObject({
  models: z.record(z.string(), z.unknown()),
  cases: z.array(
    z.strictObject({
      case: z.string(),
      cost: z.union([z.int(), z.enum(['unreported', 'unpriced'])]),
      model: z.string(),
      on: z.string(),
      answer: z.looseObject({ usage: z.unknown() }),
    }),
  ),
})

const text = readFileSync(new URL('usage.yaml', import.meta.url), 'utf8')
const golden = Golden.parse(parse(text))
const prices = priceBook(golden.models)

/** The catalogue's prices, and those the file adds. */
function priceBook(models: object): PriceBook {
  const folder = mkdtempSync(join(tmpdir(), 'trivium-golden-'))
  const file = join(folder, 'trivium.yaml')
  const upstreams = { openai: { base_url: 'http://127.0.0.1:9/v1' } }
  const routes = { stem_reasoning: ['o1-mini'], factual_recall: ['gpt-4o-mini'], language_heavy: ['gpt-4o'] }
  writeFileSync(file, stringify({ upstreams, routes, models }))
  try {
    return createPriceBook([...loadConfig(file, {}).models.values()].flatMap((model) => model.prices))
  } finally {
    rmSync(folder, { recursive: true })
  }
}

for (const { case: name, cost, model, on, answer } of golden.cases) {
  test(`costs what was worked out by hand: ${name}`, () => {
    const { usage } = readAnswer(Buffer.from(JSON.stringify(answer)))
    const price = prices.priceOf(model, Date.parse(on))
    if (cost === 'unpriced') assert.equal(price, undefined)
    else if (cost === 'unreported') assert.equal(usage, cost)
    else {
      assert.ok(usage !== 'unreported' && price !== undefined)
      assert.equal(costOf(usage, price), cost)
    }
  })
}

test('a stream’s last frame costs what the same answer costs whole', () => {
  for (const { case: name, answer } of golden.cases) {
    const { usage, service_tier } = answer
    const meter = new StreamMeter(new ChatFrames(1), { hideUsage: false, textOf: () => '' })
    meter.take(Buffer.from(`data: ${JSON.stringify({ choices: [], usage, service_tier })}\n\n`))
    assert.deepEqual(meter.usage, readAnswer(Buffer.from(JSON.stringify(answer))).usage, name)
  }
})

const BEGUN = /, and the begun nano-dollar: [\d,]+$/

test('the sum in each comment comes to its cost, a begun nano-dollar counted whole', () => {
  const written = text.split(/^ {2}- case: /m).slice(1)
  assert.equal(written.length, golden.cases.length)
  written.forEach((entry, index) => {
    const { case: name, cost } = golden.cases[index] ?? { case: entry, cost: 'unreported' }
    const sums = [...entry.matchAll(/^ {4}# ([\d(][^=\n]* = .*)$/gm)].map(([, sum = '']) => sum)
    assert.equal(sums.length, typeof cost === 'number' ? 1 : 0, name)
    for (const step of sums.flatMap((sum) => sum.replace(BEGUN, '').split(' = '))) {
      assert.equal(Math.ceil(amountOf(step)), cost, `${name}: ${step}`)
    }
  })
})

test('has 150 shapes or more, each with a name of its own', () => {
  const names = new Set(golden.cases.map((each) => each.case))
  assert.equal(names.size, golden.cases.length)
  assert.ok(names.size >= 150)
})
