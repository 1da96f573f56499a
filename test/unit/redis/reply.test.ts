import assert from 'node:assert/strict'
import { test } from 'node:test'
import { listIn, textsIn, unexpected, wordsIn } from '../../../src/redis/reply.ts'

test('the elements of a list are read as they are or as text; any other reply has none', () => {
  assert.deepEqual(listIn(['a', 1, ['b']]), ['a', 1, ['b']])
  assert.deepEqual(textsIn(['a', 1]), ['a', '1'])
  for (const reply of [undefined, null, 'a', 1]) assert.deepEqual([listIn(reply), textsIn(reply)], [[], []])
})

test('a string is read word by word; any other reply has none', () => {
  assert.deepEqual(wordsIn('ok 12 e-1'), ['ok', '12', 'e-1'])
  for (const reply of [null, 1, ['ok']]) assert.deepEqual(wordsIn(reply), [])
})

test('an unexpected reply is quoted in the error', () => {
  assert.equal(unexpected(['later', 3]).message, 'unexpected reply from redis: ["later",3]')
})
