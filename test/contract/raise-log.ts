import assert from 'node:assert/strict'
import { test } from 'node:test'
import { MOST, nanoUsd } from '../../src/base/money.ts'
import type { RaiseEntry, RaiseLog } from '../../src/budget/raise.ts'
import { assertStoreErrors } from '../support/failing-stores.ts'

/** An empty log, and the same one as another process finds it after this one was killed. */
export interface RaiseLogUnderTest {
  readonly log: RaiseLog
  /** Whether the reopened log is the live one rather than what a crash left behind. */
  readonly shared: boolean
  reopen(): Promise<RaiseLog>
  /** A log on a store that does not answer. */
  readonly failing: RaiseLog
  dispose(): Promise<void>
}

const GRANT: RaiseEntry = {
  action: 'grant',
  raise: 'raise-1',
  budget: 'team:research/month',
  amount: nanoUsd(20_000_000_001),
  until: Date.UTC(2026, 11, 1),
  at: Date.UTC(2026, 10, 18),
  who: 'Zoë ☂',
  via: 'store',
  reason: 'the demo; it’s "on Friday"',
}

/** The contract of every raise log, whatever it is stored in. */
export function raiseLogContract(name: string, create: () => Promise<RaiseLogUnderTest>): void {
  function claim(title: string, run: (given: RaiseLogUnderTest) => Promise<void>): void {
    test(`${name}: ${title}`, async () => {
      const given = await create()
      try {
        await run(given)
      } finally {
        await given.dispose()
      }
    })
  }

  claim('is empty at first', async ({ log }) => {
    assert.deepEqual(await log.entries(), [])
  })

  claim('returns entries unchanged and in order of appending, whatever their times', async ({ log }) => {
    const entries: readonly RaiseEntry[] = [
      GRANT,
      { ...GRANT, raise: 'raise-2', at: GRANT.at - 1, amount: MOST },
      { ...GRANT, action: 'revoke', at: GRANT.at + 5, via: 'api 127.0.0.1', reason: 'over' },
    ]
    for (const entry of entries) assert.equal(await log.append(entry), true)
    assert.deepEqual(await log.entries(), entries)
  })

  claim('still has appended entries after its process was killed', async ({ log, reopen }) => {
    await log.append(GRANT)
    assert.deepEqual(await (await reopen()).entries(), [GRANT])
  })

  claim('writes exactly one of several concurrent grants or revocations of a raise', async (given) => {
    const logs = [given.log, await given.reopen()]
    const revocation: RaiseEntry = { ...GRANT, action: 'revoke', at: GRANT.at + 5 }
    for (const entry of [GRANT, revocation]) {
      const written = await Promise.all(
        Array.from({ length: 10 }, (_, turn) => logs[given.shared ? turn % 2 : 0]?.append(entry)),
      )
      assert.equal(written.filter((each) => each === true).length, 1)
      assert.equal(written.filter((each) => each === false).length, 9)
    }
    assert.deepEqual(await given.log.entries(), [GRANT, revocation])
  })

  claim('rejects with a StoreError when its store does not answer', async ({ failing }) => {
    await assertStoreErrors(
      () => failing.append(GRANT),
      () => failing.entries(),
    )
  })
}
