import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { tabulate } from '../../../src/classifier/patterns/pattern-set.ts'
import { mostSymbols, plain, plainly } from '../../../src/classifier/patterns/spelling.ts'
import { Symbols } from '../../../src/classifier/patterns/symbols.ts'

const symbols = new Symbols(tabulate(['[a-zß-ÿα-ωа-яİıΣσς’]', '[A-Z]', '\u0307', '😀', '𐐨', '\\pL']).symbols)
const { spell } = plainly(symbols)

function assertPlain(text: string): void {
  const spelt = new Uint16Array(mostSymbols(text))
  const length = spell(text, spelt)
  const wanted = new Uint16Array(mostSymbols(text))
  assert.equal(length, symbols.spell(plain(text), wanted), JSON.stringify(text))
  assert.deepEqual(spelt.subarray(0, length), wanted.subarray(0, length), JSON.stringify(text))
}

test('every letter is spelt as its lower case, alone, at a word’s end and within a word', () => {
  for (let unit = 0; unit < 65_536; unit += 1) {
    const char = String.fromCharCode(unit)
    assertPlain(`${char} A${char} A${char}B`)
  }
})

test('a text is spelt as its lower case, letters of two units or of two lower-case letters included', () => {
  const odd = fc.constantFrom('İ', 'Σ', 'ΑΣ', '’', '😀', '𐐀', '\ud801', '\udc00', 'ẞ', 'Ǆ', ' ', 'A', '中')
  fc.assert(fc.property(fc.array(odd, { maxLength: 10 }), (some) => assertPlain(some.join(''))))
})
