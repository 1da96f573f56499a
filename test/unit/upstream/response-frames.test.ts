import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { ResponseFrames } from '../../../src/upstream/frames/response-frames.ts'
import { StreamMeter } from '../../../src/upstream/frames/stream-meter.ts'
import { responseIds } from '../../../src/upstream/response-ids.ts'

const RESPONSE = {
  id: 'resp_1',
  object: 'response',
  model: 'o4-mini-2025-04-16',
  output: [
    { id: 'rs_abc', type: 'reasoning', summary: [] },
    { id: 'msg_1', type: 'message', content: [{ type: 'output_text', text: 'a "usage" of {braces}' }] },
  ],
  service_tier: 'flex',
  usage: {
    input_tokens: 11,
    input_tokens_details: { cached_tokens: 4 },
    output_tokens: 30,
    output_tokens_details: { reasoning_tokens: 20 },
    total_tokens: 41,
  },
}

function event(type: string, rest: object): string {
  return `event: ${type}\ndata: ${JSON.stringify({ type, ...rest, sequence_number: 0 })}\n\n`
}

const BEGUN = event('response.created', { response: { ...RESPONSE, output: [], usage: null } })
const PIECES = ['a', ' "usage"'].map((delta) =>
  event('response.output_text.delta', { item_id: 'msg_1', delta }),
)
const WHOLE = BEGUN + PIECES.join('') + event('response.completed', { response: RESPONSE })

function meterOf(stream: string, cuts: readonly number[] = []) {
  const meter = new StreamMeter(new ResponseFrames(), { hideUsage: false, textOf: () => '' })
  const bytes = Buffer.from(stream)
  const places = [...new Set([0, ...cuts.map((cut) => cut % bytes.length), bytes.length])].sort(
    (a, b) => a - b,
  )
  const forwarded = places
    .slice(1)
    .map((end, index) => Buffer.from(meter.take(bytes.subarray(places[index], end))))
  return { meter, forwarded: Buffer.concat(forwarded).toString() }
}

for (const [megabytes, usage] of [
  [20, 'object'],
  [40, 'string'],
] as const) {
  test(`a last event of ${megabytes} MB ends the stream like any other`, () => {
    const picture = { id: 'ig_1', type: 'image_generation_call', result: 'A'.repeat(megabytes * 1e6) }
    const last = event('response.completed', { response: { ...RESPONSE, output: [picture] } })
    const cuts = Array.from({ length: 600 }, (_, index) => index * 65_536)
    const { meter, forwarded } = meterOf(BEGUN + last, cuts)
    assert.ok(forwarded === BEGUN + last)
    assert.equal(meter.complete, true)
    // Only the start of an event too long to keep is read, which is enough to know that it was the last.
    assert.equal(typeof meter.usage, usage)
  })
}

test('a stream passes byte for byte and yields usage, model and ids, however it is split', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(), { maxLength: 12 }), (cuts) => {
      const { meter, forwarded } = meterOf(WHOLE, cuts)
      assert.equal(forwarded, WHOLE)
      assert.equal(meter.complete, true)
      assert.equal(meter.failed, false)
      assert.equal(meter.model, RESPONSE.model)
      assert.deepEqual(meter.ids, ['resp_1', 'rs_abc', 'msg_1'])
      assert.deepEqual(meter.usage, {
        inputTokens: 11,
        cachedTokens: 4,
        cacheWriteTokens: 0,
        outputTokens: 30,
        reasoningTokens: 20,
        tier: 'flex',
      })
    }),
    { numRuns: 200 },
  )
})

test('CRLF line ends and data without a named event are read alike', () => {
  const plain = WHOLE.replaceAll(/event: .*\n/g, '')
  for (const stream of [plain, WHOLE.replaceAll('\n', '\r\n')]) {
    const { meter } = meterOf(stream)
    assert.equal(meter.complete, true)
    assert.notEqual(meter.usage, 'unreported')
  }
})

test('a stream is complete only at its last event, not at text that looks like one', () => {
  const fake = event('response.output_text.delta', {
    delta: 'event: response.completed\n\n"type":"response.completed"',
  })
  const { meter } = meterOf(BEGUN + fake)
  assert.equal(meter.complete, false)
  assert.equal(meter.usage, 'unreported')
  assert.deepEqual(meter.ids, ['resp_1'])
})

test('a stream whose upstream reports an error counts as failed', () => {
  const failed = event('response.failed', { response: { ...RESPONSE, status: 'failed' } })
  const said = event('error', { code: 'server_error', message: 'oh' })
  const bare = 'data: {"error":{"message":"oh","type":"server_error"}}\n\n'
  const spaced = 'data: {"error": {"message": "oh"}}\n\n'
  for (const stream of [failed, said, bare, spaced]) {
    const { meter } = meterOf(BEGUN + stream)
    assert.equal(meter.failed, true)
    assert.equal(meter.complete, true)
  }
  assert.notEqual(meterOf(BEGUN + failed).meter.usage, 'unreported')
})

test('the type in the data counts, as for clients, whatever the name of the event', () => {
  const last = JSON.stringify({ response: RESPONSE, type: 'response.completed' })
  for (const name of ['event: message\n', 'event: response.output_text.delta\n', 'id: 7\n', '']) {
    const { meter } = meterOf(`${BEGUN + name}data: ${last}\n\n`)
    assert.deepEqual([meter.complete, meter.failed], [true, false], name)
    assert.notEqual(meter.usage, 'unreported')
  }
  const nested = { item: { type: 'response.completed' }, type: 'response.output_item.added' }
  assert.equal(meterOf(`${BEGUN}data: ${JSON.stringify(nested)}\n\n`).meter.complete, false)
})

test('a cancelled response is complete and has not failed', () => {
  const { meter } = meterOf(BEGUN + event('response.cancelled', { response: { ...RESPONSE, usage: null } }))
  assert.deepEqual([meter.complete, meter.failed, meter.usage], [true, false, 'unreported'])
})

test('data spread over several lines is read as one event', () => {
  for (const end of ['\n', '\r\n', '\r']) {
    const spread = WHOLE.replaceAll(/^data: .*$/gm, (line) =>
      JSON.stringify(JSON.parse(line.slice(5)), null, 1).replaceAll(/^/gm, 'data: '),
    )
    const { meter, forwarded } = meterOf(spread.replaceAll('\n', end), [100, 1000])
    assert.equal(forwarded, spread.replaceAll('\n', end))
    assert.deepEqual([meter.complete, meter.model], [true, RESPONSE.model])
    assert.deepEqual(meter.ids, ['resp_1', 'rs_abc', 'msg_1'])
    assert.notEqual(meter.usage, 'unreported')
  }
})

test('an answer cut off at its length limit is complete and has usage', () => {
  const { meter } = meterOf(BEGUN + event('response.incomplete', { response: RESPONSE }))
  assert.equal(meter.complete, true)
  assert.equal(meter.failed, false)
  assert.notEqual(meter.usage, 'unreported')
})

test('no ids are found in anything but a response', () => {
  for (const text of ['', '[]', '{"id":7}', 'oops', '{"id"'])
    assert.deepEqual(responseIds(Buffer.from(text)), [])
})

// The vendor's clients raise for an error that is truthy. `false` used to end the stream as failed.
test('an error that is false is none', () => {
  const opening = `data: ${JSON.stringify({ error: false, type: 'response.created', response: RESPONSE })}\n\n`
  assert.deepEqual([meterOf(opening).meter.failed, meterOf(opening).meter.complete], [false, false])
  assert.equal(meterOf(opening + WHOLE).meter.failed, false)
})
