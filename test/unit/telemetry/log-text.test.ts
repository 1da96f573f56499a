import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { inertLine, logText } from '../../../src/telemetry/log-text.ts'

const anyText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 200 }),
  fc.string({ unit: 'grapheme' }),
  fc.string({
    unit: fc.constantFrom('a', '\n', '\0', '\u001b', '\u009b', '\u2028', '\u202e', '"', '\\', '\ud800'),
  }),
)

test('any text becomes one JSON string of printable ASCII', () => {
  fc.assert(
    fc.property(anyText, (text) => {
      const written = logText(text)
      assert.match(written, /^[ -~]+$/)
      const read: unknown = JSON.parse(written)
      assert.ok(typeof read === 'string')
      if (text.length <= 120) assert.equal(read, text)
      else assert.equal(read.length, 121)
    }),
    { numRuns: 2_000 },
  )
})

test('line ends, escape sequences and direction changes are escaped', () => {
  assert.equal(logText('gpt\n{"level":60}'), '"gpt\\n{\\"level\\":60}"')
  assert.equal(logText('\u001b[2J\u009b1m\u202e'), '"\\u001b[2J\\u009b1m\\u202e"')
})

test('a JSON line keeps its meaning once terminal control characters are escaped', () => {
  fc.assert(
    fc.property(fc.array(anyText), (texts) => {
      const line = inertLine(JSON.stringify(texts))
      assert.doesNotMatch(line, /[\u007f-\u009f\u2028\u2029\u202e]/)
      assert.deepEqual(JSON.parse(line), texts)
    }),
  )
})
