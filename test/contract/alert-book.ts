import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Alert, AlertBook } from '../../src/alerts/alert.ts'
import { MOST } from '../../src/base/money.ts'
import { alertOf } from '../support/alerts.ts'
import { assertStoreErrors } from '../support/failing-stores.ts'

/** An empty book, and the same one as another process finds it after this one was killed. */
export interface AlertBookUnderTest {
  readonly book: AlertBook
  reopen(): Promise<AlertBook>
  /** A book on a store that does not answer. */
  readonly failing: AlertBook
  dispose(): Promise<void>
}

const DAY = 86_400_000

/** The contract of every alert book, whatever it is stored in. */
export function alertBookContract(name: string, create: () => Promise<AlertBookUnderTest>): void {
  function claim(title: string, run: (given: AlertBookUnderTest) => Promise<void>): void {
    test(`${name}: ${title}`, async () => {
      const given = await create()
      try {
        await run(given)
      } finally {
        await given.dispose()
      }
    })
  }

  claim('returns an alert to the first caller that notes it and to no later one', async ({ book }) => {
    const both = [alertOf('alert_1'), alertOf('alert_2')]
    assert.deepEqual(await book.note(both), both)
    assert.deepEqual(await book.note([alertOf('alert_2', { at: 1 }), alertOf('alert_3')]), [
      alertOf('alert_3'),
    ])
    assert.equal(await book.waiting(), 3)
  })

  claim('returns alerts unchanged, oldest first', async ({ book }) => {
    const never: Alert = alertOf('alert_1', {
      per: 'total',
      startsAt: null,
      resetsAt: null,
      key: 'ci',
      spent: MOST,
    })
    const older = alertOf('alert_2', { at: never.at - 1 })
    await book.note([never, older])
    assert.deepEqual(await book.claim(9), [older, never])
    await book.end('alert_2', 'delivered', never.at)
    await book.end('alert_1', 'refused', never.at)
    assert.deepEqual(await book.claim(9), [])
  })

  claim('returns no more alerts than asked for', async ({ book }) => {
    await book.note([alertOf('alert_1'), alertOf('alert_2')])
    assert.equal((await book.claim(1)).length, 1)
  })

  claim('still knows pending and delivered alerts after its process was killed', async (given) => {
    await given.book.note([alertOf('alert_1'), alertOf('alert_2')])
    await given.book.end('alert_1', 'delivered', Date.UTC(2026, 10, 22, 13))
    const book = await given.reopen()
    assert.deepEqual(await book.note([alertOf('alert_1'), alertOf('alert_2')]), [])
    assert.equal(await book.waiting(), 1)
  })

  claim('never forgets alerts of a budget without a reset, or pending ones', async ({ book }) => {
    const never = alertOf('alert_1', { per: 'total', resetsAt: null })
    const waiting = alertOf('alert_2')
    await book.note([never, waiting, alertOf('alert_3')])
    await book.end('alert_1', 'delivered', never.at)
    await book.end('alert_3', 'delivered', never.at + 400 * DAY)
    assert.deepEqual(await book.note([never, waiting]), [])
  })

  claim('rejects with a StoreError when its store does not answer', async ({ failing }) => {
    await assertStoreErrors(
      () => failing.note([alertOf('alert_1')]),
      () => failing.claim(9),
      () => failing.end('alert_1', 'delivered', 1),
      () => failing.waiting(),
    )
  })
}
