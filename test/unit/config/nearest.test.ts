import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { formatPath } from '../../../src/config/file/key-path.ts'
import { editDistance, nearest } from '../../../src/config/file/nearest.ts'

const word = fc.stringMatching(/^[a-d]{0,8}$/)

test('edit distance is zero to itself, symmetric, and at most the length of the longer word', () => {
  fc.assert(
    fc.property(word, word, (a, b) => {
      assert.equal(editDistance(a, a), 0)
      assert.equal(editDistance(a, b), editDistance(b, a))
      assert.equal(editDistance(a, b) === 0, a === b)
      assert.ok(editDistance(a, b) <= Math.max(a.length, b.length))
      assert.ok(editDistance(a, b) >= Math.abs(a.length - b.length))
    }),
  )
})

test('counts a missing, a wrong and two swapped letters as one edit each', () => {
  assert.equal(editDistance('budgts', 'budgets'), 1)
  assert.equal(editDistance('rowtes', 'routes'), 1)
  assert.equal(editDistance('sotre', 'store'), 1)
})

test('suggests the known word that was meant, and none that is too different', () => {
  const known = ['server', 'upstreams', 'models', 'routes', 'teams', 'log']
  assert.equal(nearest('upstream', known), 'upstreams')
  assert.equal(nearest('Routes', known), 'routes')
  assert.equal(nearest('logg', known), 'log')
  assert.equal(nearest('telemetry', known), undefined)
  assert.equal(nearest('x', []), undefined)
})

test('formats paths in dotted notation, and quotes names that contain a dot', () => {
  assert.equal(formatPath(['teams', 'research', 'keys', 0, 'sha256']), 'teams.research.keys[0].sha256')
  assert.equal(formatPath(['models', 'gpt-4.1', 'price']), 'models."gpt-4.1".price')
  assert.equal(formatPath([]), '')
})
