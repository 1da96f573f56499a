import { systemClock } from '../../src/base/clock.ts'
import { nanoUsd } from '../../src/base/money.ts'
import { isNoRoom } from '../../src/ledger/ledger.ts'
import { openSharedBooks } from '../../src/ledger/redis-postgres/books.ts'
import { connect } from '../../src/redis/connect.ts'
import { budget, closing, openRow } from './ledger-rows.ts'

/**
 * A replica in its own process that holds and settles until killed, whatever happens to its stores. It prints
 * `settled ID COST` once the ledger has promised it. Arguments: the URLs of Postgres and of Redis, or of the
 * nodes of a cluster.
 */
const [postgres = '', single = '', ...nodes] = process.argv.slice(2)
const redis = nodes.length === 0 ? single : [single, ...nodes]
const limited = [budget(Number.MAX_SAFE_INTEGER), budget(Number.MAX_SAFE_INTEGER, 'day', 'ci')]
const { ledger } = await openSharedBooks(postgres, {
  redis: connect(redis, { deadlineMs: 500 }),
  moving: connect(redis, { deadlineMs: 5_000 }),
  clock: systemClock,
  budgets: () => limited,
  log: { info: () => undefined, warn: () => undefined },
  leaseMs: 1_500,
  loadPatienceMs: 500,
})

async function request(amount: number): Promise<void> {
  const row = openRow(Date.now())
  const hold = await ledger.hold(row, limited, { atMost: nanoUsd(amount), atLeast: nanoUsd(amount) })
  if (isNoRoom(hold)) throw new Error('the budget has no end')
  await pause(Math.random() * 20)
  const cost = Math.floor(amount / 3)
  await hold.settle(closing(cost))
  process.stdout.write(`settled ${row.id} ${cost}\n`)
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}

async function run(lane: number): Promise<void> {
  for (let count = 1; ; count += 1) {
    await request(1_000 + lane * 100 + (count % 97)).catch(() => pause(20))
  }
}

process.stdout.write('ready\n')
await Promise.all(Array.from({ length: 8 }, (_, lane) => run(lane)))
