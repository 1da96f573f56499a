import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseYaml, valuesOf } from '../../../src/config/file/document.ts'
import { problemsOf } from './sample.ts'

const problemsIn = (text: string) => problemsOf(() => parseYaml('x.yaml', text))

test('a duplicate key in one map is reported at any depth, and the same key in two maps is not', () => {
  assert.deepEqual(problemsIn('a: 1\nb:\n  c: 1\n  d: { e: 1, "e": 2 }\n  c: 2\na: 1\n'), [
    '4: : not valid YAML: duplicate key',
    '5: : not valid YAML: duplicate key',
    '6: : not valid YAML: duplicate key',
  ])
  assert.deepEqual(valuesOf(parseYaml('x.yaml', 'a: { a: 1 }\nb: [{ a: 1 }, { a: 1 }]\n')), {
    a: { a: 1 },
    b: [{ a: 1 }, { a: 1 }],
  })
})

// The later one won without a word, and with it the budgets of a team that is named by a number.
test('a key is a duplicate of itself in quotes', () => {
  for (const text of ["1: a\n'1': b\n", '"true": a\ntrue: b\n', '{ 1.50: a, 1.5: b }\n'])
    assert.match(problemsIn(text).join(), /not valid YAML: duplicate key/, text)
})

test('an alias refers to the nearest preceding anchor, never to a later or enclosing one', () => {
  assert.deepEqual(valuesOf(parseYaml('x.yaml', 'a: &x 1\nb: *x\nc: &x 2\nd: *x\n')), {
    a: 1,
    b: 1,
    c: 2,
    d: 2,
  })
  assert.deepEqual(problemsIn('a: *x\nb: &x 1\nc: &y [{ d: *y }]\n'), [
    '1: : not valid YAML: a value that starts with * must be quoted',
    '3: : not valid YAML: an alias refers to a value that contains it',
  ])
})
