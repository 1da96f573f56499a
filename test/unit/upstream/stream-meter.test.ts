import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { answerText } from '../../../src/flow/dialect/chat-answer.ts'
import { ChatFrames } from '../../../src/upstream/frames/chat-frames.ts'
import { StreamMeter } from '../../../src/upstream/frames/stream-meter.ts'

const chunk = (choices: unknown, rest: object = {}) =>
  `data: ${JSON.stringify({ id: 'c', model: 'gpt-4o-2024-08-06', choices, ...rest })}\n\n`
const content = (text: string, index = 0) =>
  chunk([{ index, delta: { content: text }, finish_reason: null }], { usage: null })
const finish = (index = 0) => chunk([{ index, delta: {}, finish_reason: 'stop' }], { usage: null })
const usage = chunk([], {
  usage: { prompt_tokens: 9, completion_tokens: 5, completion_tokens_details: { reasoning_tokens: 2 } },
  service_tier: 'default',
})
const done = 'data: [DONE]\n\n'
/** As an upstream writes it when not asked for usage. */
const unasked = (text: string) => text.replaceAll('],"usage":null', ']')

function pass(meter: StreamMeter, stream: string, cuts: readonly number[]): string {
  const bytes = Buffer.from(stream)
  const edges = [...new Set([0, ...cuts.map((cut) => cut % bytes.length), bytes.length])].sort(
    (a, b) => a - b,
  )
  const out: Buffer[] = []
  for (let index = 1; index < edges.length; index += 1) {
    const piece = Buffer.from(bytes.subarray(edges[index - 1], edges[index]))
    out.push(Buffer.from(meter.take(piece)))
  }
  return Buffer.concat(out).toString()
}

const EVERY_BYTE = Object.assign([...Array(3000).keys()], { [fc.toStringMethod]: () => 'every byte' })
const anyCuts = fc.oneof(fc.array(fc.nat(3000), { maxLength: 40 }), fc.constant(EVERY_BYTE))

test('hides the usage frame and nothing else, however the stream is split into chunks', () => {
  const frames = [content('a'), content('"finish_reason":"stop" é 漢'), content('"usage":{'), finish()]
  fc.assert(
    fc.property(anyCuts, fc.boolean(), (cuts, crlf) => {
      const lines = (text: string) => (crlf ? text.replaceAll('\n', '\r\n') : text)
      const meter = new StreamMeter(new ChatFrames(1), { hideUsage: true, textOf: answerText })
      const seen = pass(meter, lines([...frames, usage, done].join('')), cuts)
      assert.equal(seen, unasked(lines([...frames, done].join(''))))
      assert.equal(meter.complete, true)
      assert.equal(meter.model, 'gpt-4o-2024-08-06')
      assert.deepEqual(meter.usage, {
        inputTokens: 9,
        cachedTokens: 0,
        cacheWriteTokens: 0,
        outputTokens: 5,
        reasoningTokens: 2,
      })
    }),
  )
})

test('shows the usage frame to a client that asked, byte for byte', () => {
  fc.assert(
    fc.property(anyCuts, (cuts) => {
      const stream = [content('a'), finish(), usage, done].join('')
      const meter = new StreamMeter(new ChatFrames(1), { hideUsage: false, textOf: answerText })
      assert.equal(pass(meter, stream, cuts), stream)
      assert.notEqual(meter.usage, 'unreported')
    }),
  )
})

test('forwards a partial frame immediately', () => {
  const meter = new StreamMeter(new ChatFrames(1), { hideUsage: true, textOf: answerText })
  const frame = Buffer.from(unasked(content('hello')))
  assert.equal(meter.take(frame.subarray(0, 20)).length, 20)
  assert.equal(meter.tornFrame.length, 20)
  assert.equal(meter.take(frame.subarray(20)).length, frame.length - 20)
  assert.equal(meter.tornFrame.length, 0)
})

test('a stream is complete only once every choice has finished', () => {
  const meter = new StreamMeter(new ChatFrames(2), { hideUsage: true, textOf: answerText })
  meter.take(Buffer.from(content('a') + finish(0) + content('b', 1)))
  assert.equal(meter.complete, false)
  meter.take(Buffer.from(finish(1)))
  assert.equal(meter.complete, true)
})

test('a choice whose finish is repeated ends once, and another that was cut off is noticed', () => {
  const meter = new StreamMeter(new ChatFrames(2), { hideUsage: true, textOf: answerText })
  meter.take(Buffer.from(content('a') + finish(0) + finish(0) + content('half an ans', 1)))
  meter.end()
  assert.equal(meter.complete, false)
})

test('notices an error frame of the upstream', () => {
  const meter = new StreamMeter(new ChatFrames(1), { hideUsage: true, textOf: answerText })
  meter.take(Buffer.from(`${content('a')}data: {"error":{"message":"overloaded"}}\n\n`))
  assert.equal(meter.failed, true)
  assert.equal(meter.complete, false)
})

test('passes a frame of many megabytes on without keeping it', () => {
  const meter = new StreamMeter(new ChatFrames(1), { hideUsage: true, textOf: answerText })
  const giant = Buffer.from(unasked(content('x'.repeat(5_000_000))))
  let passed = 0
  for (let at = 0; at < giant.length; at += 65_536)
    passed += meter.take(giant.subarray(at, at + 65_536)).length
  assert.equal(passed, giant.length)
  assert.equal(pass(meter, finish() + usage + done, []), unasked(finish()) + done)
})

test('reads and hides the usage of an upstream that gives no finish reasons', () => {
  const meter = new StreamMeter(new ChatFrames(1), { hideUsage: true, textOf: answerText })
  assert.equal(pass(meter, content('a') + usage + done, []), unasked(content('a')) + done)
  assert.equal(meter.complete, true)
  assert.notEqual(meter.usage, 'unreported')
})

test('spaces around colons, a null error and an event line before [DONE] are read correctly', () => {
  const meter = new StreamMeter(new ChatFrames(1), { hideUsage: true, textOf: answerText })
  const spaced = 'data: {"choices":[{"delta":{},"finish_reason" : "stop"}]}\n\n'
  const report = 'data: {"choices":[],"usage" : {"prompt_tokens":1,"completion_tokens":2}}\n\n'
  const nothing = 'data: {"error":null,"choices":[{"delta":{"content":"a"},"finish_reason":null}]}\n\n'
  const end = 'event: done\nid: 1234567\ndata: [DONE]\n\n'
  assert.equal(pass(meter, nothing + spaced + report + end, []), nothing + spaced + end)
  assert.equal(meter.failed, false)
  assert.equal(meter.complete, true)
  assert.notEqual(meter.usage, 'unreported')
})

test('a whole last frame without its blank line is read, and forwarded unless hidden', () => {
  fc.assert(
    fc.property(anyCuts, fc.constantFrom(usage, done), fc.constantFrom('', '\n'), (cuts, last, rest) => {
      const meter = new StreamMeter(new ChatFrames(1), { hideUsage: true, textOf: answerText })
      const before = pass(meter, content('a') + finish() + last.trimEnd() + rest, cuts)
      meter.end()
      assert.equal(meter.usage !== 'unreported', last === usage)
      const shown = last === usage ? '' : last.trimEnd() + rest
      assert.equal(before + meter.flush().toString(), unasked(content('a') + finish()) + shown)
    }),
  )
})

test('half a frame does not finish a stream, whatever it contains', () => {
  const meter = new StreamMeter(new ChatFrames(1), { hideUsage: true, textOf: answerText })
  meter.take(Buffer.from(content('a') + finish().slice(0, -5)))
  meter.end()
  assert.equal(meter.complete, false)
  assert.ok(meter.tornFrame.length > 0)
})

test('lines that end in a lone carriage return are read, however the stream is split', () => {
  fc.assert(
    fc.property(anyCuts, (cuts) => {
      const lines = (text: string) => text.replaceAll('\n', '\r')
      const meter = new StreamMeter(new ChatFrames(1), { hideUsage: true, textOf: answerText })
      const stream = lines(content('a') + finish() + usage + done)
      assert.equal(pass(meter, stream, cuts), unasked(lines(content('a') + finish() + done)))
      assert.notEqual(meter.usage, 'unreported')
      assert.equal(meter.hasUnread, false)
      assert.match(meter.seen.words().text, /^a/)
    }),
  )
})

test('a stream that switches from carriage returns to newlines is reported as not fully read', () => {
  const broke = 'data: {"error":{"message":"broke"}}'
  const streams = [`data: {}\r\r${broke}\n\n${done}\r\r`, `data: {}\r\r${broke}\n\r\n`]
  fc.assert(
    fc.property(
      fc.constantFrom(...streams),
      fc.integer({ min: 10, max: 11 }),
      anyCuts,
      (stream, first, cuts) => {
        const meter = new StreamMeter(new ChatFrames(1), { hideUsage: true, textOf: answerText })
        pass(meter, stream, [first, ...cuts.filter((cut) => cut % stream.length >= first)])
        assert.equal(meter.hasUnread, true)
      },
    ),
  )
})

test('a stream is read to its end if its comments end lines in one way and its data in another', () => {
  fc.assert(
    fc.property(anyCuts, fc.boolean(), (cuts, isData) => {
      const crlf = (text: string) => text.replaceAll('\n', '\r\n')
      const data = (text: string) => (isData ? crlf(text) : text)
      const comment = isData ? ': ping\n\n' : crlf(': ping\n\n')
      const said = comment + data(content('a') + finish()) + comment
      const meter = new StreamMeter(new ChatFrames(1), { hideUsage: true, textOf: answerText })
      assert.equal(pass(meter, said + data(usage + done), cuts), unasked(said + data(done)))
      assert.deepEqual([meter.complete, meter.hasUnread], [true, false])
      assert.notEqual(meter.usage, 'unreported')
    }),
  )
})

test('an empty finish reason ends no choice', () => {
  const meter = new StreamMeter(new ChatFrames(1), { hideUsage: true, textOf: answerText })
  meter.take(Buffer.from(chunk([{ index: 0, delta: { content: 'a' }, finish_reason: '' }])))
  meter.take(Buffer.from('data: {"choices":[{"delta":{"content":"b"},"finish_reason" : ""}]}\n\n'))
  assert.equal(meter.complete, false)
  meter.take(Buffer.from(finish()))
  assert.equal(meter.complete, true)
})

test('a model that writes [DONE] in a short frame is not done', () => {
  const meter = new StreamMeter(new ChatFrames(1), { hideUsage: true, textOf: answerText })
  meter.take(Buffer.from('data: {"choices":[{"index":0,"delta":{"content":"[DONE]"}}]}\n\n'))
  assert.equal(meter.complete, false)
  meter.take(Buffer.from(done))
  assert.equal(meter.complete, true)
})

test('usage before the last finish reason also counts', () => {
  const meter = new StreamMeter(new ChatFrames(1), { hideUsage: true, textOf: answerText })
  const stream = content('a') + usage + finish() + done
  assert.equal(pass(meter, stream, []), unasked(content('a') + finish()) + done)
  assert.notEqual(meter.usage, 'unreported')
})

test('usage and ends spread over several data lines are read and hidden like any others', () => {
  const spread = (event: string) =>
    `${JSON.stringify(JSON.parse(event.slice(5)), null, 1).replaceAll(/^/gm, 'data: ')}\n\n`
  fc.assert(
    fc.property(anyCuts, fc.constantFrom('\n', '\r\n'), (cuts, end) => {
      const meter = new StreamMeter(new ChatFrames(1), { hideUsage: true, textOf: answerText })
      const said = [content('a'), finish()].map(spread).join('')
      const lines = (text: string) => text.replaceAll('\n', end)
      assert.equal(pass(meter, lines(said + spread(usage) + done), cuts), lines(said + done))
      assert.equal(meter.complete, true)
      assert.equal(typeof meter.usage, 'object')
      assert.equal(meter.seen.words().text, 'a')
    }),
  )
})
