import assert from 'node:assert/strict'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import type { Holder } from '../../../src/base/holder.ts'
import { createSqliteAnswerBook } from '../../../src/ledger/sqlite/answer-book.ts'
import { openStore } from '../../../src/ledger/sqlite/open.ts'
import { AnswerHolders } from '../../../src/upstream/answer-holders.ts'
import { temporaryDirectory } from '../../support/temporary-directory.ts'

const HOLDER: Holder = { team: 'research', model: 'o1-mini', upstream: 'openai', class: null, tokens: 9 }

/** Far longer than any machine needs to write a line, so a wait never times out here. */
const PATIENCE_MS = 20_000

/** Two replicas on one book; the second reports its first lookup. */
function twoReplicas(t: TestContext, patienceMs: number) {
  const directory = temporaryDirectory()
  const store = openStore(join(directory.path, 'ledger.db'))
  const book = createSqliteAnswerBook(store)
  t.after(async () => {
    await book.close()
    store.close()
    directory.dispose()
  })
  const looked = Promise.withResolvers<void>()
  let looks = 0
  const watched = {
    ...book,
    async find(id: string) {
      const found = await book.find(id)
      looks += 1
      looked.resolve()
      return found
    },
  }
  return {
    answering: new AnswerHolders(book, Date.now, patienceMs),
    asked: new AnswerHolders(watched, Date.now, patienceMs),
    looked: looked.promise,
    looks: () => looks,
  }
}

test('a follow-up that reaches another replica before the note of the answer waits for it', async (t) => {
  const { answering, asked, looked, looks } = twoReplicas(t, PATIENCE_MS)
  const found = asked.holderOf('resp_1', true)
  await looked
  answering.remember(['resp_1'], HOLDER)
  assert.deepEqual(await found, HOLDER)
  assert.ok(looks() >= 2)
})

test('an id no replica has seen is given up after a few lookups', async (t) => {
  const { asked, looks } = twoReplicas(t, 10)
  assert.equal(await asked.holderOf('resp_unknown', true), undefined)
  assert.equal(looks(), 4)
})

test('a value that may not be an id is looked up once', async (t) => {
  const { asked, looks } = twoReplicas(t, PATIENCE_MS)
  assert.equal(await asked.holderOf('after_this', false), undefined)
  assert.equal(looks(), 1)
})

test('without other replicas there is no waiting', async (t) => {
  const { asked, looks } = twoReplicas(t, 0)
  assert.equal(await asked.holderOf('resp_unknown', true), undefined)
  assert.equal(looks(), 1)
})

test('an id that was found is not looked up again', async (t) => {
  const { answering, asked, looks } = twoReplicas(t, PATIENCE_MS)
  answering.remember(['resp_1'], HOLDER)
  assert.deepEqual(await asked.holderOf('resp_1', true), HOLDER)
  const before = looks()
  assert.deepEqual(await asked.holderOf('resp_1', true), HOLDER)
  assert.equal(looks(), before)
})

test('if the book cannot be read, the failure is reported instead of an unknown id', async () => {
  const away = { note: () => undefined, find: () => Promise.reject(new Error('the store is away')) }
  const holders = new AnswerHolders(away, Date.now, PATIENCE_MS)
  await assert.rejects(holders.holderOf('resp_1', true), {
    failure: { code: 'store_unavailable', detail: 'the store is away' },
  })
})

test('a replica that looks while an answer streams learns its tokens once it has ended', async (t) => {
  const { answering, asked } = twoReplicas(t, PATIENCE_MS)
  answering.remember(['resp_1'], { ...HOLDER, tokens: undefined })
  assert.equal((await asked.holderOf('resp_1', true))?.tokens, undefined)
  answering.remember(['resp_1'], HOLDER)
  const deadline = performance.now() + PATIENCE_MS
  while ((await asked.holderOf('resp_1', true))?.tokens !== HOLDER.tokens) {
    assert.ok(performance.now() < deadline)
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
})
