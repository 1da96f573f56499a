import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parse } from 'yaml'
import { writeThresholds } from '../../../src/config/file/threshold-text.ts'

const wanted = { abstain_below: 0.6, abstain_to: 'factual_recall' } as const

test('thresholds are appended to rules that have none, and nothing else changes', () => {
  for (const text of ['rules: [] # none\n', 'rules: [] # none', '']) {
    const written = writeThresholds(text, wanted)
    assert.ok(written.startsWith(text))
    assert.deepEqual(parse(written), { ...(text !== '' && { rules: [] }), thresholds: wanted })
  }
})

test('existing thresholds are replaced in place, in block or flow style', () => {
  const block = 'thresholds:\n  abstain_below: 0.5\n\n# why\nrules: []\n'
  assert.match(
    writeThresholds(block, wanted),
    /^thresholds:\n {2}abstain_below: 0.6\n[\s\S]*# why\nrules: \[\]\n$/,
  )
  for (const text of [
    block,
    'rules: []\nthresholds: { abstain_below: 0.5 }\n# why\n',
    'thresholds: { abstain_below: 0.5 } # why\nrules: []\n',
    'rules: []\nthresholds:\n  abstain_below: 0.5',
    'thresholds:\nrules: []\n',
  ]) {
    const written = writeThresholds(text, wanted)
    assert.deepEqual(parse(written), { rules: [], thresholds: wanted }, written)
    assert.equal(written.includes('# why'), text.includes('# why'))
  }
})
