import assert from 'node:assert/strict'
import { test } from 'node:test'
import { KeyBook } from '../../../src/console/keys/key-book.ts'

function bookAt(clock: { now: number }) {
  const done: string[] = []
  const bind = (keys: string) => ({ keys, does: keys, run: () => void done.push(keys) })
  return { book: new KeyBook(() => clock.now), done, bind }
}

test('a bound key runs its action, and an unbound key does nothing', () => {
  const { book, done, bind } = bookAt({ now: 0 })
  book.add([bind('j')])
  assert.equal(book.press('j'), true)
  assert.equal(book.press('x'), false)
  assert.deepEqual(done, ['j'])
})

test('two keys in succession form a sequence, unless the second comes too late', () => {
  const clock = { now: 0 }
  const { book, done, bind } = bookAt(clock)
  book.add([bind('g o'), bind('o')])
  book.press('g')
  clock.now = 500
  book.press('o')
  book.press('g')
  clock.now = 5000
  book.press('o')
  assert.deepEqual(done, ['g o', 'o'])
})

test('the second key of an unbound sequence keeps its own meaning', () => {
  const { book, done, bind } = bookAt({ now: 0 })
  book.add([bind('g o'), bind('j')])
  book.press('g')
  book.press('j')
  assert.deepEqual(done, ['j'])
})

test('the bindings added last take precedence until they are removed', () => {
  const { book, done, bind } = bookAt({ now: 0 })
  book.add([{ ...bind('Escape'), run: () => void done.push('page') }])
  const close = book.add([{ ...bind('Escape'), run: () => void done.push('dialogue') }])
  book.press('Escape')
  close()
  book.press('Escape')
  assert.deepEqual(done, ['dialogue', 'page'])
})

test('the list of keys starts with the bindings added last and leaves out unlisted ones', () => {
  const { book, bind } = bookAt({ now: 0 })
  book.add([bind('?')])
  book.add([bind('j'), { ...bind('ArrowDown'), unlisted: true }])
  assert.deepEqual(
    book.listed().map(({ keys }) => keys),
    ['j', '?'],
  )
})

test('holding a key repeats only what is meant to be repeated', () => {
  const { book, done, bind } = bookAt({ now: 0 })
  book.add([{ ...bind('j'), repeats: true }, bind('1')])
  assert.ok(book.press('1'))
  for (const key of ['1', 'j', '1'])
    assert.ok(book.press(key, true), 'handled, so that the page does not scroll')
  assert.equal(book.press('x', true), false)
  assert.deepEqual(done, ['1', 'j'])
})
