import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { readRuleBook, readWeights } from '../../../src/config/classifier.ts'
import { ConfigError } from '../../../src/config/file/config-error.ts'
import { WEIGHTS_FILE } from './specimen.ts'

const folder = mkdtempSync(join(tmpdir(), 'classifier-'))
after(() => rmSync(folder, { recursive: true }))

function assertRefused(read: (file: string) => unknown, content: string | Buffer, message: RegExp): void {
  const file = join(folder, 'file')
  writeFileSync(file, content)
  assert.throws(
    () => read(file),
    (error) => {
      assert.ok(error instanceof ConfigError)
      assert.match(error.message, message)
      return true
    },
  )
}

const RULE = `rules:
  - id: sums
    class: stem_reasoning
    weight: 1
    languages: [en]
    reason: A sum.
    patterns: ['\\bsum\\b']
    example: the sum
    counter_example: summer
`

test('broken rules are refused with line and key', () => {
  assertRefused(
    readRuleBook,
    RULE.replace('weight', 'wieght'),
    /file:4: .*wieght: unknown key; did you mean "weight"\?/,
  )
  assertRefused(
    readRuleBook,
    RULE.replace('stem_reasoning', 'maths'),
    /file:3: rules\[0\]\.class: expected one of stem_reasoning/,
  )
  assertRefused(
    readRuleBook,
    RULE.replace('\\bsum\\b', '(sum'),
    /file:7: rules\[0\]\.patterns\[0\]: "\(sum": /,
  )
  assertRefused(
    readRuleBook,
    RULE.replace('\\bsum\\b', '.*sum'),
    /file:7: rules\[0\]\.patterns\[0\]: "\.\*sum": would be tried at almost every character/,
  )
  assertRefused(
    readRuleBook,
    RULE.replace('weight: 1', 'weight: 99'),
    /file:4: rules\[0\]\.weight: must be at most 8/,
  )
  assertRefused(readRuleBook, `${RULE}${RULE.replace('rules:\n', '')}`, /rules\[1\]\.id: "sums" is taken/)
  assertRefused(readRuleBook, 'rules: [', /file:1: not valid YAML/)
})

test('broken weights are refused with the reason', () => {
  const good = readFileSync(WEIGHTS_FILE)
  const changed = (offset: number, value: number) => {
    const bytes = Buffer.from(good)
    bytes.writeUInt16LE(value, offset)
    return bytes
  }
  assertRefused(readWeights, 'hello', /file: is not a file of classifier weights/)
  assertRefused(
    readWeights,
    changed(8, 7),
    /file: has format 7, this program reads 5: train the weights anew/,
  )
  assertRefused(readWeights, changed(10, 9), /file: has features version 9/)
  assertRefused(readWeights, good.subarray(0, 1000), /file: has 1000 bytes instead of \d+: it was cut/)
  assert.throws(() => readWeights(join(folder, 'absent')), /absent: no such file/)
})

test('a single flipped bit anywhere in the weights is detected', () => {
  const good = readFileSync(WEIGHTS_FILE)
  for (const offset of [16, 20, 26, 40, 56, 61, 64, 300_000, good.length - 1]) {
    const bytes = Buffer.from(good)
    bytes[offset] = (bytes[offset] ?? 0) ^ 4
    assertRefused(readWeights, bytes, /file: does not match its checksum: some of its bytes have changed/)
  }
})

test('the shipped weights are at most 512 KiB', () => {
  assert.ok(readFileSync(WEIGHTS_FILE).length <= 512 * 1024)
})
