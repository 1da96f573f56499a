import { systemClock } from '../../src/base/clock.ts'
import { nanoUsd } from '../../src/base/money.ts'
import { type Hold, isNoRoom } from '../../src/ledger/ledger.ts'
import { openSharedBooks } from '../../src/ledger/redis-postgres/books.ts'
import { connect } from '../../src/redis/connect.ts'
import { budget, closing, openRow } from './ledger-rows.ts'

/**
 * A replica in its own process, to be killed or frozen. It makes ten holds of 1,000 nano-dollars, prints
 * `held` and keeps renewing their leases. On a line on stdin it settles them at 250 each and prints
 * `settled`. Arguments: the URLs of Redis and Postgres.
 */
const [redis = '', postgres = ''] = process.argv.slice(2)
const { ledger } = await openSharedBooks(postgres, {
  redis: connect(redis, { deadlineMs: 5_000 }),
  moving: connect(redis, { deadlineMs: 5_000 }),
  clock: systemClock,
  budgets: () => [],
  log: { info: () => undefined, warn: () => undefined },
  leaseMs: 600,
  loadPatienceMs: 5_000,
})
const limited = [budget(1_000_000)]
const ask = { atMost: nanoUsd(1_000), atLeast: nanoUsd(1_000) }
const holds: Hold[] = []
for (let count = 0; count < 10; count += 1) {
  const hold = await ledger.hold(openRow(Date.now()), limited, ask)
  if (isNoRoom(hold)) throw new Error('there is room for ten')
  holds.push(hold)
}
process.stdout.write('held\n')
process.stdin.once('data', async () => {
  await Promise.all(holds.map((hold) => hold.settle(closing(250))))
  process.stdout.write('settled\n')
})
setInterval(() => undefined, 1_000)
