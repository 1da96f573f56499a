import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { systemClock } from '../../../src/base/clock.ts'
import { nanoUsd } from '../../../src/base/money.ts'
import { isNoRoom, type Ledger } from '../../../src/ledger/ledger.ts'
import { openLedger } from '../../../src/ledger/sqlite/ledger.ts'
import { isFull, type Limiter } from '../../../src/limits/limiter.ts'
import { createMemoryLimiter } from '../../../src/limits/memory/limiter.ts'
import { budget, closing, openRow } from '../../support/ledger-rows.ts'
import { temporaryDirectory } from '../../support/temporary-directory.ts'

const HELP = `node test/bench/embedded/run.ts [--requests 100000] [--at-once 64] [--rounds 5]

What hold, limits and row cost a request together in one process: microseconds of CPU of all its threads, system calls
included. Each request is admitted by the limits of a team and of a key, takes tokens, holds money in two budgets and
opens its row, which is on disk before it goes on, and is settled. Prints the median of the rounds.`

const { values } = parseArgs({
  options: {
    requests: { type: 'string', default: '100000' },
    'at-once': { type: 'string', default: '64' },
    rounds: { type: 'string', default: '5' },
    help: { type: 'boolean', default: false },
  },
})
if (values.help) {
  console.log(HELP)
  process.exit(0)
}

const BUDGETS = [budget(Number.MAX_SAFE_INTEGER), budget(Number.MAX_SAFE_INTEGER, 'day', 'ci')]
const SUBJECTS = ['team:research', 'key:research/ci'].map((id) => ({
  id,
  limits: { requestsPerMinute: 1e9, tokensPerMinute: 1e12, concurrent: 1e6 },
}))

async function request(ledger: Ledger, limiter: Limiter): Promise<void> {
  const slot = await limiter.admit(SUBJECTS)
  if (isFull(slot)) throw new Error('the limits have no end')
  await slot.takeTokens({ atMost: 500, atLeast: 100 })
  const ask = { atMost: nanoUsd(20_000), atLeast: nanoUsd(20_000) }
  const hold = await ledger.hold(openRow(Date.now()), BUDGETS, ask)
  if (isNoRoom(hold)) throw new Error('the budget has no end')
  await hold.settle(closing(5_000))
  slot.end(200)
}

async function measure(file: string): Promise<number> {
  const ledger = openLedger(file)
  const limiter = createMemoryLimiter(systemClock)
  const [requests, atOnce] = [Number(values.requests), Number(values['at-once'])]
  const lane = async (count: number) => {
    for (let done = 0; done < count; done += 1) await request(ledger, limiter)
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

const directory = temporaryDirectory()
const rounds: number[] = []
for (let round = 0; round < Number(values.rounds); round += 1)
  rounds.push(await measure(join(directory.path, `${round}.db`)))
directory.dispose()
rounds.sort((a, b) => a - b)
const shown = rounds.map((each) => each.toFixed(1)).join(', ')
console.log(
  `hold, limits and row: ${rounds[Math.floor(rounds.length / 2)]?.toFixed(1)} µs CPU a request (${shown})`,
)
