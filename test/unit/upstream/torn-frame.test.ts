import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { dataIn } from '../../../src/upstream/frames/event-data.ts'
import { completeObject, endTornStream } from '../../../src/upstream/frames/torn-frame.ts'

const error = {
  message: 'the upstream broke off',
  type: 'upstream_error',
  param: null,
  code: 'upstream_broken',
}

test('completes any prefix of a JSON object to an object with the error', () => {
  const object = fc.dictionary(fc.string({ unit: 'binary' }), fc.jsonValue(), { minKeys: 1 })
  fc.assert(
    fc.property(object, fc.nat(), fc.boolean(), (value, cut, indented) => {
      const json = JSON.stringify(value, null, indented ? 1 : 0)
      const prefix = json.slice(0, 1 + (cut % (json.length - 1)))
      const whole = JSON.parse(prefix + completeObject(prefix, '"error":1'))
      assert.equal(whole.error, 1)
    }),
    { numRuns: 2000 },
  )
})

test('ends a torn stream with frames of which only the last carries the error, wherever it was cut', () => {
  const frame =
    'data: {"id":"c","choices":[{"delta":{"content":"a \\u00e9\\n\\\\ "},"n":-1.5e+3,"f":null}]}\n\n'
  for (let cut = 0; cut <= frame.length; cut += 1) {
    const sent = Buffer.from(cut === frame.length ? '' : frame.slice(0, cut))
    const stream = sent.toString() + endTornStream(sent, error)
    assert.ok(stream.endsWith('\n\n'), stream)
    const events = stream
      .split('\n\n')
      .filter((event) => event !== '')
      .map((event) => JSON.parse(event.replace(/^data: /, '')))
    assert.deepEqual(events.at(-1).error, error, stream)
    assert.ok(events.slice(0, -1).every((event) => event.error === undefined))
  }
})

test('an event with data over several lines is completed, wherever it was cut', () => {
  const whole = 'data: {"id":"c",\ndata:  "choices":[{"delta":\ndata: {"content":"a"}}],\ndata: "n":1}\n\n'
  for (let cut = 1; cut < whole.length; cut += 1) {
    const torn = whole.slice(0, cut)
    const events = (torn + endTornStream(Buffer.from(torn), error))
      .split('\n\n')
      .filter((each) => each !== '')
    const said = events.map((each) => JSON.parse(dataIn(each.split('\n')).join(' ')))
    assert.deepEqual(said.at(-1).error, error, JSON.stringify(torn))
    assert.ok(said.slice(0, -1).every((each) => each.error === undefined))
  }
})

test('an event torn before its data gets the error as its data', () => {
  const whole =
    'event: response.output_text.delta\ndata: {"type":"response.output_text.delta","delta":"a"}\n\n'
  for (let cut = 1; cut < whole.length; cut += 1) {
    const torn = whole.slice(0, cut)
    const stream = torn + endTornStream(Buffer.from(torn), { message: 'broke' })
    const events = stream.split('\n\n').filter((event) => event !== '')
    for (const event of events) {
      const data = event
        .split('\n')
        .filter((line) => line.startsWith('data:'))
        .map((line) => line.slice(5))
      assert.equal(data.length, 1, JSON.stringify(event))
      assert.doesNotThrow(() => JSON.parse(data[0] ?? ''), JSON.stringify(event))
    }
    assert.match(events.at(-1) ?? '', /"error":\{"message":"broke"\}/)
  }
})
