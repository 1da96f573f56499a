import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { PROMPT_CLASSES } from '../../../src/base/prompt-class.ts'
import { evidenceOf, sumsOf } from '../../../src/console/pages/request/evidence.ts'

const amount = fc.double({ min: -50, max: 50, noNaN: true })
const rule = fc.record({ id: fc.string(), class: fc.constantFrom(...PROMPT_CLASSES), weight: amount })

test('the contributions shown add up to the logit of each class', () => {
  fc.assert(
    fc.property(fc.array(rule, { maxLength: 6 }), fc.tuple(amount, amount, amount), (rules, logits) => {
      const sums = sumsOf({ rules, logits })
      assert.deepEqual(
        sums.map(({ class: each }) => each),
        PROMPT_CLASSES,
      )
      for (const { logit, contributions } of sums) {
        const total = contributions.reduce((sum, each) => sum + each.amount, 0)
        assert.ok(Math.abs(total - logit) < 1e-9)
      }
    }),
  )
})

test('evidence of other kinds of rows is not taken for that of a verdict', () => {
  for (const other of [null, { batch_output: 'file-1', answers: 3, unpriced: 0 }, 'text', []]) {
    assert.equal(evidenceOf(other), undefined)
  }
})
