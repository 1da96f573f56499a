import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Doorkeeper } from '../../../src/classifier/doorkeeper.ts'

test('a text is known from its second appearance on', () => {
  const doorkeeper = new Doorkeeper()
  assert.ok(!doorkeeper.knows('Why is the sky blue?'))
  assert.ok(doorkeeper.knows('Why is the sky blue?'))
  assert.ok(!doorkeeper.knows('Why is the sea blue?'))
  assert.ok(doorkeeper.knows('Why is the sky blue?'))
})
