import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { NullUsage } from '../../../src/upstream/frames/null-usage.ts'

const PIECES = [
  '],"usage":null',
  ',"usage":null',
  '],"usage":{"prompt_tokens":1}',
  '],"usage":nul1',
  ']]',
  '],',
  '],"u',
  ']',
  '"content":"],\\"usage\\":null"',
  'data: {"choices":[{"delta":{}}',
  '}\n\n',
]

test('exactly the usage:null members are removed, however the stream is split', () => {
  const stream = fc.array(fc.constantFrom(...PIECES), { maxLength: 12 }).map((pieces) => pieces.join(''))
  fc.assert(
    fc.property(stream, fc.array(fc.nat(), { maxLength: 30 }), (text, cuts) => {
      const bytes = Buffer.from(text)
      const places = [...new Set([0, ...cuts.map((cut) => cut % (bytes.length + 1)), bytes.length])].sort(
        (a, b) => a - b,
      )
      const filter = new NullUsage()
      let sent = ''
      for (const [index, end] of places.slice(1).entries()) {
        sent += filter.take(bytes.subarray(places[index], end)).toString()
        const soFar = bytes.subarray(0, end).toString().replaceAll('],"usage":null', ']')
        assert.ok(soFar.startsWith(sent))
        assert.ok(soFar.length - sent.length < 14, 'no more is kept waiting than may be taken out')
      }
      sent += filter.flush().toString()
      assert.equal(sent, text.replaceAll('],"usage":null', ']'))
    }),
    { numRuns: 3000 },
  )
})

test('a chunk without usage:null is passed on as the same buffer', () => {
  const chunk = Buffer.from('data: {"choices":[{"delta":{"content":"a"}}]}\n\n')
  assert.equal(new NullUsage().take(chunk), chunk)
})

test('no bytes are held back unless a list of choices has just ended', () => {
  const filter = new NullUsage()
  for (const text of ['{"a":1,', '"b":"x,"', ',"usage":nu'])
    assert.equal(filter.take(Buffer.from(text)).toString(), text)
})
