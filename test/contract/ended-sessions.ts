import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { EndedSessions } from '../../src/ledger/ended-sessions.ts'
import { assertStoreErrors } from '../support/failing-stores.ts'

/** No session has ended yet. `open` returns the same store as another process sees it. */
export interface EndedSessionsUnderTest {
  open(): EndedSessions
  /** On a store that does not answer. */
  readonly failing: EndedSessions
  dispose(): Promise<void>
}

/** The contract of a store of ended sessions, whatever it is stored in. */
export function endedSessionsContract(name: string, create: () => Promise<EndedSessionsUnderTest>): void {
  test(`${name}: an ended session is ended for every process until it would have expired`, async () => {
    const given = await create()
    try {
      const [one, other] = [given.open(), given.open()]
      assert.deepEqual(await one.endedAt(0), [])
      await one.end({ id: 'first', expiresAt: 100 }, 10)
      await other.end({ id: 'second', expiresAt: 200 }, 20)
      // Two tabs sign out at the same time.
      await other.end({ id: 'second', expiresAt: 200 }, 20)
      for (const each of [one, other]) {
        assert.deepEqual([...(await each.endedAt(99))].sort(), ['first', 'second'])
        assert.deepEqual(await each.endedAt(100), ['second'])
      }
      await one.end({ id: 'third', expiresAt: 300 }, 250)
      assert.deepEqual(await other.endedAt(0), ['third'], 'those that have expired are forgotten')
    } finally {
      await given.dispose()
    }
  })

  test(`${name}: rejects with a StoreError when its store does not answer`, async () => {
    const given = await create()
    try {
      await assertStoreErrors(
        () => given.failing.end({ id: 'first', expiresAt: 100 }, 10),
        () => given.failing.endedAt(0),
      )
    } finally {
      await given.dispose()
    }
  })
}
