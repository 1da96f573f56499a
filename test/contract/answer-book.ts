import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Holder } from '../../src/base/holder.ts'
import { type AnswerBook, KEEP_ANSWERS_MS } from '../../src/ledger/answer-book.ts'
import { eventually } from '../support/eventually.ts'
import { assertStoreErrors } from '../support/failing-stores.ts'

/** An empty book, and the same one opened by another process. */
export interface AnswerBookUnderTest {
  readonly book: AnswerBook
  reopen(): Promise<AnswerBook>
  /** A book on a store that does not answer. */
  readonly failing: AnswerBook
  dispose(): Promise<void>
}

const HOLDER: Holder = {
  team: 'research',
  model: 'o1-mini',
  upstream: 'openai#2',
  class: 'stem_reasoning',
  tokens: 412,
}
const UNKNOWN: Holder = { ...HOLDER, team: 'sales', class: null, tokens: undefined }
const NOON = Date.UTC(2026, 10, 22, 12)

/** The contract of every answer book. */
export function answerBookContract(name: string, create: () => Promise<AnswerBookUnderTest>): void {
  function claim(title: string, run: (given: AnswerBookUnderTest) => Promise<void>): void {
    test(`${name}: ${title}`, async () => {
      const given = await create()
      try {
        await run(given)
      } finally {
        await given.dispose()
      }
    })
  }

  claim('finds the holder of each noted id, and nothing for others', async ({ book }) => {
    book.note(['resp_1', 'rs_1'], HOLDER, NOON)
    book.note(['resp_2'], UNKNOWN, NOON)
    await book.close()
    assert.deepEqual(await book.find('resp_1'), HOLDER)
    assert.deepEqual(await book.find('rs_1'), HOLDER)
    assert.deepEqual(await book.find('resp_2'), UNKNOWN)
    for (const id of ['resp_3', '', "resp_1' OR 1=1", 'a\0b', '\ud800'])
      assert.equal(await book.find(id), undefined)
  })

  claim('writes notes within moments, visible to other processes', async ({ book, reopen }) => {
    book.note(['resp_1'], HOLDER, NOON)
    let found: Holder | undefined
    book.find('resp_1').then(look)
    function look(holder: Holder | undefined): void {
      found = holder
      if (holder === undefined) setTimeout(() => book.find('resp_1').then(look), 10)
    }
    await eventually(() => found)
    assert.deepEqual(await (await reopen()).find('resp_1'), HOLDER)
  })

  claim('keeps the newest note on an id, within one batch and across several', async ({ book }) => {
    book.note(['resp_1'], UNKNOWN, NOON)
    book.note(['resp_1'], HOLDER, NOON + 1)
    await book.close()
    assert.deepEqual(await book.find('resp_1'), HOLDER)
    book.note(['resp_1'], UNKNOWN, NOON + 2)
    await book.close()
    assert.deepEqual(await book.find('resp_1'), UNKNOWN)
  })

  claim('forgets answers that vendors no longer keep', async ({ book }) => {
    book.note(['resp_old'], HOLDER, NOON)
    await book.close()
    book.note(['resp_new'], HOLDER, NOON + KEEP_ANSWERS_MS + 1)
    await book.close()
    assert.equal(await book.find('resp_old'), undefined)
    assert.deepEqual(await book.find('resp_new'), HOLDER)
  })

  claim('rejects with a StoreError when its store does not answer, and loses notes', async ({ failing }) => {
    await assertStoreErrors(() => failing.find('resp_1'))
    failing.note(['resp_1'], HOLDER, NOON)
    await failing.close()
  })
}
