import assert from 'node:assert/strict'
import { test } from 'node:test'
import { dollarsIn } from '../../../src/console/wording/amount.ts'

test('an amount of dollars is what was typed, or nothing', () => {
  const typed = ['1', '1.', '1.5', '0.05', '.5', ' $2.50 ', '10.25', '1000']
  assert.deepEqual(typed.map(dollarsIn), [1, 1, 1.5, 0.05, 0.5, 2.5, 10.25, 1_000])
  for (const odd of ['', '.', '0', '0.00', '-1', '1,5', '1,500', '1e3', '1.5.1', 'one', '٣', '9'.repeat(400)])
    assert.equal(dollarsIn(odd), undefined, odd)
})
