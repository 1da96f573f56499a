import assert from 'node:assert/strict'
import { test } from 'node:test'
import { crc32 } from 'node:zlib'
import fc from 'fast-check'
import type { ImageRule, Target } from '../../../src/base/target.ts'
import { loadConfig } from '../../../src/config/load.ts'
import { compileRuntime } from '../../../src/config/runtime.ts'
import { atStandardTier, inputBound, worstCase } from '../../../src/pricing/bound.ts'
import { costOf } from '../../../src/pricing/cost.ts'
import { readChatRequest } from '../../../src/routing/chat-request.ts'
import { imageSize } from '../../../src/routing/image-size.ts'
import { needsOf } from '../../../src/routing/needs.ts'
import { readUsage } from '../../../src/upstream/usage-report.ts'
import { anyClassifier } from '../config/sample.ts'

// Compares request bodies with what a vendor may bill for them. The bill is independent of the program's own
// parsing: the vendor sees decoded texts and true image sizes, and bills as much as its rules allow.

const runtime = compileRuntime(loadConfig('config/trivium.yaml', { OPENAI_API_KEY: 'x' }), anyClassifier)
const AT = Date.parse('2026-11-21')
const chatModels = [...runtime.targets.values()].filter(({ capabilities }) => capabilities.size > 0)

interface Image {
  readonly width: number
  readonly height: number
  readonly detail: string | undefined
  readonly remote: boolean
}

const side = fc.oneof(fc.integer({ min: 1, max: 600 }), fc.integer({ min: 1, max: 20_000 }))
const image: fc.Arbitrary<Image> = fc.record({
  width: side,
  height: side,
  detail: fc.constantFrom('low', 'high', 'auto', undefined),
  remote: fc.boolean(),
})
const words = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc.string({ maxLength: 200 }),
  // Long enough for the text to outweigh all the JSON around it.
  fc.integer({ min: 1000, max: 3000 }).map((length) => 'x'.repeat(length)),
)
const message = fc.record({
  role: fc.constantFrom('system', 'user', 'assistant'),
  name: fc.option(fc.string({ maxLength: 8 }), { nil: undefined }),
  text: words,
  images: fc.array(image, { maxLength: 2 }),
})
const asked = fc.record({
  messages: fc.array(message, { minLength: 1, maxLength: 5 }),
  tools: fc.array(fc.record({ name: fc.string({ maxLength: 12 }), description: words }), { maxLength: 3 }),
  schema: fc.option(fc.dictionary(fc.string({ maxLength: 6 }), words, { maxKeys: 4 }), { nil: undefined }),
  n: fc.integer({ min: 1, max: 8 }),
  cap: fc.integer({ min: 1, max: 20_000 }),
})
type Asked = typeof asked extends fc.Arbitrary<infer A> ? A : never

function bodyOf({ messages, tools, schema, n }: Asked): Buffer {
  const body = {
    model: 'auto',
    messages: messages.map(({ role, name, text, images }) => ({
      role,
      name,
      content: images.length === 0 ? text : [{ type: 'text', text }, ...images.map(partOf)],
    })),
    tools: tools.length === 0 ? undefined : tools.map((tool) => ({ type: 'function', function: tool })),
    response_format: schema && { type: 'json_schema', json_schema: { name: 'a', schema } },
    n,
  }
  return Buffer.from(JSON.stringify(body))
}

function partOf({ width, height, detail, remote }: Image): object {
  const url = remote ? 'https://images.example/a.png' : pngUrl(width, height)
  return { type: 'image_url', image_url: { url, detail } }
}

function pngUrl(width: number, height: number): string {
  const header = Buffer.alloc(25)
  header.writeUInt32BE(13, 0)
  header.write('IHDR', 4, 'latin1')
  header.writeUInt32BE(width, 8)
  header.writeUInt32BE(height, 12)
  header.writeUInt8(8, 16)
  header.writeUInt32BE(crc32(header.subarray(4, 21)), 21)
  const parts = [
    Buffer.from('89504e470d0a1a0a', 'hex'),
    header,
    Buffer.from('000000004944415435af061e', 'hex'),
  ]
  return `data:image/png;base64,${Buffer.concat(parts).toString('base64')}`
}

/** The vendor's published rule: fit into 2048 x 2048, scale the shorter side to 768, count tiles of 512. */
function imageBill({ width, height, detail }: Image, rule: ImageRule): number {
  if (rule.kind === 'patches') {
    const patches = Math.ceil(width / 32) * Math.ceil(height / 32)
    return Math.ceil(Math.min(patches, rule.most) * rule.multiplier)
  }
  // For the newest models the vendor only says that nothing is scaled down.
  if (rule.kind === 'context') return Math.ceil(width / 32) * Math.ceil(height / 32)
  if (detail === 'low') return rule.base
  const fit = Math.min(1, 2048 / Math.max(width, height))
  const shrink = fit * Math.min(1, 768 / (Math.min(width, height) * fit))
  const tiles = (length: number) => Math.ceil(Math.round(length * shrink) / 512)
  return rule.base + rule.tile * tiles(width) * tiles(height)
}

/** One token per byte of text, which no tokenizer exceeds, plus every overhead recorded. */
function promptBill({ messages, tools, schema }: Asked, { images: rule }: Target): number {
  let tokens = 3 + 7
  for (const { name, text, images } of messages) {
    tokens += 4 + Buffer.byteLength(text) + (name === undefined ? 0 : 1 + Buffer.byteLength(name))
    if (rule !== undefined) for (const each of images) tokens += imageBill(each, rule)
  }
  if (tools.length > 0) tokens += Buffer.byteLength(JSON.stringify(tools))
  if (schema !== undefined) tokens += Buffer.byteLength(JSON.stringify(schema))
  return tokens
}

/** The whole, or a share in thousandths. */
const part = fc.oneof(fc.constant(1000), fc.nat(1000))
const spent = fc.record({
  used: part,
  cached: fc.nat(1000),
  written: part,
  answered: part,
  reasoned: fc.nat(1000),
  accepted: fc.nat(1000),
  rejected: fc.nat(1000),
  spoken: fc.nat(1000),
  tier: fc.constantFrom('default', 'priority', 'flex', 'batch', 'scale', undefined),
  shape: fc.constantFrom('chat', 'responses'),
})
type Spent = typeof spent extends fc.Arbitrary<infer S> ? S : never

/** A consistent report: no part exceeds its whole. */
function reportOf(most: { readonly input: number; readonly output: number }, spent: Spent): object {
  const share = (of: number, thousandths: number) => Math.floor((of * thousandths) / 1000)
  const input = Math.max(1, share(most.input, spent.used))
  const cached = share(input, spent.cached)
  const output = share(most.output, spent.answered)
  const reasoning = share(output, spent.reasoned)
  const accepted = share(output - reasoning, spent.accepted)
  const inputDetails = {
    cached_tokens: cached,
    cache_write_tokens: share(input - cached, spent.written),
    audio_tokens: share(input, spent.spoken),
  }
  const outputDetails = {
    reasoning_tokens: reasoning,
    accepted_prediction_tokens: accepted,
    rejected_prediction_tokens: share(output - reasoning - accepted, spent.rejected),
    audio_tokens: 0,
  }
  const total_tokens = input + output
  return spent.shape === 'chat'
    ? {
        prompt_tokens: input,
        completion_tokens: output,
        total_tokens,
        prompt_tokens_details: inputDetails,
        completion_tokens_details: outputDetails,
      }
    : {
        input_tokens: input,
        output_tokens: output,
        total_tokens,
        input_tokens_details: inputDetails,
        output_tokens_details: outputDetails,
      }
}

test('no bill allowed under the cap that was sent exceeds the hold, on any model and tier', () => {
  let compared = 0
  fc.assert(
    fc.property(fc.constantFrom(...chatModels), asked, spent, (target, asked, spent) => {
      const body = bodyOf(asked)
      const price = runtime.prices.priceOf(target.model, AT)
      assert.ok(price !== undefined)
      const { size, choices } = needsOf(readChatRequest(body), body.length)
      const most = {
        input: Math.min(promptBill(asked, target), target.context),
        output: asked.cap * asked.n,
      }
      const isTierStated = target.capabilities.has('service_tier')
      const served = isTierStated ? { ...spent, tier: 'default' } : spent
      const usage = readUsage(reportOf(most, spent), served.tier)
      assert.ok(usage !== 'unreported')
      const bounding = isTierStated ? atStandardTier(price) : price
      const bound = inputBound(size, target)
      assert.ok(usage.inputTokens <= bound)
      assert.ok(costOf(usage, price) <= worstCase(bounding, bound, asked.cap, choices))
      // Where the tier cannot be stated (Azure, for example), the bound covers the rates of every tier.
      const anyTier = readUsage(reportOf(most, spent), spent.tier)
      if (anyTier !== 'unreported')
        assert.ok(costOf(anyTier, price) <= worstCase(price, bound, asked.cap, choices))
      compared += 1
    }),
    { numRuns: 3000, endOnFailure: true },
  )
  assert.ok(compared >= 3000)
})

test('the sizes of the images used here are read, so they are not all bounded by the maximum', () => {
  const [asked] = fc.sample(
    image.filter(({ remote }) => !remote),
    { numRuns: 1, seed: 1 },
  )
  assert.ok(asked !== undefined)
  const { width, height } = asked
  assert.deepEqual(imageSize(pngUrl(width, height)), { width, height })
})

test('the bills of several attempts on different models never exceed the sum of their bounds', () => {
  const attempts = fc.array(fc.tuple(fc.constantFrom(...chatModels), spent), { minLength: 1, maxLength: 5 })
  fc.assert(
    fc.property(asked, attempts, (asked, attempts) => {
      const body = bodyOf(asked)
      const { size, choices } = needsOf(readChatRequest(body), body.length)
      let billed = 0
      let held = 0
      for (const [target, spent] of attempts) {
        const price = runtime.prices.priceOf(target.model, AT)
        const most = {
          input: Math.min(promptBill(asked, target), target.context),
          output: asked.cap * asked.n,
        }
        const usage = readUsage(reportOf(most, spent), spent.tier)
        assert.ok(price !== undefined && usage !== 'unreported')
        billed += costOf(usage, price)
        held += worstCase(price, inputBound(size, target), asked.cap, choices)
      }
      assert.ok(billed <= held)
    }),
    { numRuns: 500, endOnFailure: true },
  )
})
