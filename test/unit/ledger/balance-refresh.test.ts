import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { systemClock } from '../../../src/base/clock.ts'
import { BalanceRefresh } from '../../../src/ledger/redis-postgres/balance-refresh.ts'
import { Mirror } from '../../../src/ledger/redis-postgres/mirror.ts'
import { budget } from '../../support/ledger-rows.ts'

test('a team whose node is away keeps no other team’s balance from being refreshed', async () => {
  const budgets = [budget(1_000, 'total', undefined, 'away'), budget(1_000, 'total', undefined, 'slow')]
  const mirror = new Mirror()
  const refresh = new BalanceRefresh({
    redis: {
      run: async (_script, [state]) => {
        if (state?.includes('away')) throw new Error('no answer')
        await sleep(20)
        return ['epoch', '70', '5']
      },
    },
    clock: systemClock,
    balances: { ensure: async () => undefined },
    mirror,
    budgets: () => budgets,
  })
  await assert.rejects(refresh.run(), /no answer/)
  const seen = budgets.map((each) => mirror.balance(each, Date.now()))
  assert.deepEqual(
    seen.map(({ spent, held }) => [spent, held]),
    [
      [0, 0],
      [70, 5],
    ],
  )
})
