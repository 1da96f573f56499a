// biome-ignore-all lint/suspicious/noTemplateCurlyInString: references are what this file is about.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { substitute } from '../../../src/config/file/environment.ts'

const name = fc.stringMatching(/^[A-Z_][A-Z0-9_]{0,8}$/)

test('substitutes a value verbatim, whatever characters it holds', () => {
  fc.assert(
    fc.property(
      name,
      fc.string({ minLength: 1 }),
      fc.stringMatching(/^[^$]*$/),
      (variable, value, around) => {
        const filled = substitute(`${around}\${${variable}}${around}`, { [variable]: value })
        assert.deepEqual(filled, { text: around + value + around, unset: [] })
      },
    ),
  )
})

test('leaves text without a reference alone', () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      fc.pre(!text.includes('${'))
      assert.deepEqual(substitute(text, {}), { text, unset: [] })
    }),
  )
})

test('uses the default for a variable that is unset or empty', () => {
  assert.equal(substitute('a${X:-b c}d', {}).text, 'ab cd')
  assert.equal(substitute('a${X:-b}', { X: '' }).text, 'ab')
  assert.equal(substitute('a${X:-}', {}).text, 'a')
  assert.equal(substitute('a${X:-b}', { X: 'x' }).text, 'ax')
})

test('names every variable that is missing', () => {
  assert.deepEqual(substitute('${A}-${B:-b}-${C}', { C: '' }).unset, ['A', 'C'])
})

test('turns $${ into a plain ${ and never substitutes inside a value', () => {
  assert.equal(substitute('$${A}', { A: 'x' }).text, '${A}')
  assert.equal(substitute('${A}', { A: '${B}', B: 'x' }).text, '${B}')
})
