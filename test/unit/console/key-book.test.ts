import assert from 'node:assert/strict'
import { test } from 'node:test'
import { KeyBook } from '../../../src/console/keys/key-book.ts'

function bookAt(clock: { now: number }) {
  const done: string[] = []
  const bind = (keys: string) => ({ keys, does: keys, run: () => void done.push(keys) })
  return { book: new KeyBook(() => clock.now), done, bind }
}

test('one key does one thing, and a key that nobody bound does nothing', () => {
  const { book, done, bind } = bookAt({ now: 0 })
  book.add([bind('j')])
  assert.equal(book.press('j'), true)
  assert.equal(book.press('x'), false)
  assert.deepEqual(done, ['j'])
})

test('two keys one after the other are a sequence, unless the second comes late', () => {
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

test('a sequence that nobody bound leaves its second key its own meaning', () => {
  const { book, done, bind } = bookAt({ now: 0 })
  book.add([bind('g o'), bind('j')])
  book.press('g')
  book.press('j')
  assert.deepEqual(done, ['j'])
})

test('what was opened last goes before what lies under it, until it is closed', () => {
  const { book, done, bind } = bookAt({ now: 0 })
  book.add([{ ...bind('Escape'), run: () => void done.push('page') }])
  const close = book.add([{ ...bind('Escape'), run: () => void done.push('dialogue') }])
  book.press('Escape')
  close()
  book.press('Escape')
  assert.deepEqual(done, ['dialogue', 'page'])
})

test('the list of keys names the page’s own first, and leaves out what is unlisted', () => {
  const { book, bind } = bookAt({ now: 0 })
  book.add([bind('?')])
  book.add([bind('j'), { ...bind('ArrowDown'), unlisted: true }])
  assert.deepEqual(
    book.listed().map(({ keys }) => keys),
    ['j', '?'],
  )
})
