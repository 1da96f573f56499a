import { fork } from 'node:child_process'
import { once } from 'node:events'
import { parseArgs } from 'node:util'
import { systemClock } from '../../../src/base/clock.ts'
import { createMemoryLimiter } from '../../../src/limits/memory/limiter.ts'
import { createRedisLimiter } from '../../../src/limits/redis/limiter.ts'
import { connected } from '../../support/redis-connection.ts'
import { startRedis } from '../../support/stores.ts'
import { measureCost, noLimiter } from './cost.ts'
import { pressOnProxy } from './proxy.ts'
import type { PressureOrder } from './replica.ts'
import { type Admission, fullness } from './windows.ts'

const HELP = `node test/bench/limits/run.ts [--seconds 150] [--replicas 3] [--per-second 1000]

What limits cost a request, in memory and through a Redis on this machine, beside the same requests without any: those
are woken as often and measured as much; then how full minutes get when several
replicas in processes of their own press against one limit, and when clients press on the whole proxy, by the tokens their
rows say. Exits 1 when a minute held more than the limit, or less than 95 %; answers that hold the 4,096 tokens of a
client without max_tokens and use a dozen fill no minute, which is shown and no failure.`

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '150' },
    replicas: { type: 'string', default: '3' },
    'per-second': { type: 'string', default: '1000' },
    help: { type: 'boolean', default: false },
  },
})
if (values.help) {
  console.log(HELP)
  process.exit(0)
}

const LIMIT = 1_200
const TOKENS = 100
const server = await startRedis()
try {
  const redis = await connected(server.url, { deadlineMs: 1_000 })
  const local = createMemoryLimiter(systemClock)
  const onStoreFailure = { requests: 'refuse', tokens: 'refuse', concurrent: 'refuse' } as const
  const shared = createRedisLimiter({ redis, local, onStoreFailure })
  for (const [name, limiter] of [
    ['none', noLimiter],
    ['memory', createMemoryLimiter(systemClock)],
    ['redis', shared],
  ] as const) {
    await measureCost(limiter, Number(values['per-second']), 2)
    const { p50Ms, p99Ms, cpuUs } = await measureCost(limiter, Number(values['per-second']), 8)
    const wait = `p50 ${p50Ms.toFixed(3)} ms, p99 ${p99Ms.toFixed(3)} ms`
    console.log(`${name.padEnd(8)} ${wait}, ${cpuUs.toFixed(0)} µs CPU of the process a request`)
  }
  await shared.close()
  await redis.close()

  const subjects = [
    {
      id: 'team:bench',
      limits: { requestsPerMinute: 1e6, tokensPerMinute: LIMIT * TOKENS, concurrent: 1_000 },
    },
    { id: 'key:bench/ci', limits: { requestsPerMinute: 1e6 } },
  ]
  const order: PressureOrder = { url: server.url, subjects, seconds: Number(values.seconds), tokens: TOKENS }
  const replicas = Array.from({ length: Number(values.replicas) }, async () => {
    const child = fork('test/bench/limits/replica.ts', [JSON.stringify(order)])
    const [admissions]: Admission[][] = await once(child, 'message')
    return admissions ?? []
  })
  const limit = LIMIT * TOKENS
  const shown = `${values.replicas} replicas, ${values.seconds} s`
  const within = told(shown, limit, (await Promise.all(replicas)).flat())
  const seconds = Number(values.seconds)
  const capped = await pressOnProxy(limit, seconds, 100)
  const alsoWithin = told(`the proxy, ${seconds} s, max_tokens 100`, limit, capped)
  told(`the proxy, ${seconds} s, no max_tokens`, limit, await pressOnProxy(limit, seconds))
  process.exitCode = within && alsoWithin ? 0 : 1
} finally {
  await server.dispose()
}

/** Prints how full the minutes were, and returns whether that is acceptable. */
function told(name: string, limit: number, admissions: readonly Admission[]): boolean {
  const { most, least } = fullness(admissions)
  const share = (tokens: number) => `${tokens}, ${((100 * tokens) / limit).toFixed(1)} %`
  console.log(`${name}, limit ${limit} tokens: the fullest minute held ${share(most)}`)
  console.log(`the emptiest minute held ${share(least)} of the limit`)
  return most <= limit && least >= 0.95 * limit
}
