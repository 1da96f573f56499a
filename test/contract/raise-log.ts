import assert from 'node:assert/strict'
import { test } from 'node:test'
import { MOST, nanoUsd } from '../../src/base/money.ts'
import type { RaiseEntry, RaiseLog } from '../../src/budget/raise.ts'

/** An empty log, and the same one as another process finds it after this one has died. */
export interface RaiseLogUnderTest {
  readonly log: RaiseLog
  reopen(): Promise<RaiseLog>
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

/** What every log of raises must do, whatever it lies in. */
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

  claim('gives entries back as they were given, in their order, whatever their times', async ({ log }) => {
    const entries: readonly RaiseEntry[] = [
      GRANT,
      { ...GRANT, raise: 'raise-2', at: GRANT.at - 1, amount: MOST },
      { ...GRANT, action: 'revoke', at: GRANT.at + 5, via: 'api 127.0.0.1', reason: 'over' },
    ]
    for (const entry of entries) await log.append(entry)
    assert.deepEqual(await log.entries(), entries)
  })

  claim('has what was appended after the death of the process', async ({ log, reopen }) => {
    await log.append(GRANT)
    assert.deepEqual(await (await reopen()).entries(), [GRANT])
  })
}
