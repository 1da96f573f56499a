import assert from 'node:assert/strict'
import { test } from 'node:test'
import { scrolled } from '../../../src/console/parts/scrolled.ts'
import { axisUsd } from '../../../src/console/wording/money.ts'
import { isBlank, written } from '../../../src/console/wording/written.ts'

test('control and bidi characters become visible; line breaks, tabs, joiners and letters stay', () => {
  assert.equal(written('Pay \u202eexe.live\u202c \u0000 \u2066a\u2069 \u0085'), 'Pay �exe.live� � �a� �')
  for (const text of ['a\n\tb', '👩‍👩‍👧‍👦 👍🏽 🇫🇷', 'می‌خواهم', 'क्‍ष', 'أثبت أن', '𝒙 ≤ 𠮷'])
    assert.equal(written(text), text)
})

test('what cannot be seen is blank, and nothing else', () => {
  for (const text of ['', ' \n\t', '\u200b\u200d', '\ufeff', '\u202e', '\u3164\u2800', '\u0000'])
    assert.ok(isBlank(text), JSON.stringify(text))
  for (const text of ['.', '\u200ba', '👍', 'ا', '的']) assert.ok(!isBlank(text), text)
})

test('only text that may need scrolling is a tab stop', () => {
  assert.deepEqual(scrolled('short'), {})
  for (const much of ['a'.repeat(10_000), 'a\n'.repeat(40)]) assert.equal(scrolled(much).tabIndex, 0)
})

test('ticks on a dollar axis show cents where needed', () => {
  assert.deepEqual([0, 0.15, 0.3, 0.45, 0.6].map(axisUsd), ['$0', '$0.15', '$0.30', '$0.45', '$0.60'])
  assert.deepEqual([1.5, 12, 3400, 0.0005, 0.125].map(axisUsd), [
    '$1.50',
    '$12',
    '$3.4k',
    '$0.0005',
    '$0.125',
  ])
})
