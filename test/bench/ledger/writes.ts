import { nanoUsd } from '../../../src/base/money.ts'
import { isNoRoom } from '../../../src/ledger/ledger.ts'
import { openLedger } from '../../../src/ledger/sqlite/ledger.ts'
import { budget, closing, openRow } from '../../support/ledger-rows.ts'

/**
 * The cost of one request, held and settled under two budgets, for this process with a ledger file:
 * microseconds of CPU, including system calls. `atOnce` requests are in flight at a time.
 */
export async function measureWrites(file: string, requests: number, atOnce: number): Promise<number> {
  const ledger = openLedger(file)
  const budgets = [budget(Number.MAX_SAFE_INTEGER), budget(Number.MAX_SAFE_INTEGER, 'day', 'ci')]
  const ask = { atMost: nanoUsd(20_000), atLeast: nanoUsd(20_000) }
  const lane = async (count: number) => {
    for (let done = 0; done < count; done += 1) {
      const hold = await ledger.hold(openRow(Date.now()), budgets, ask)
      if (isNoRoom(hold)) throw new Error('the budget has no end')
      await hold.settle(closing(5_000))
    }
  }
  const run = (count: number) =>
    Promise.all(Array.from({ length: atOnce }, () => lane(Math.ceil(count / atOnce))))
  await run(requests / 10)
  const before = process.cpuUsage()
  await run(requests)
  const { user, system } = process.cpuUsage(before)
  await ledger.close()
  return (user + system) / requests
}
