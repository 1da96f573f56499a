import { setTimeout as sleep } from 'node:timers/promises'
import { systemClock } from '../../src/base/clock.ts'
import { isFull, type Slot, type Subject } from '../../src/limits/limiter.ts'
import { createMemoryLimiter } from '../../src/limits/memory/limiter.ts'
import { createRedisLimiter } from '../../src/limits/redis/limiter.ts'
import { connected } from './redis-connection.ts'

/** Instructions for a replica in its own process; passed to `limiter-replica.ts` as JSON. */
export interface ReplicaOrder {
  readonly url: string
  readonly subjects: readonly Subject[]
  readonly leaseMs: number
  /**
   * Either makes and ends requests as fast as it can for so many milliseconds, or keeps a number of requests
   * open until killed.
   */
  readonly mode: { readonly hammerMs: number } | { readonly keep: number }
  /** Tokens taken by each request. */
  readonly tokens: number
}

/** Sent to the parent process. */
export interface ReplicaReport {
  readonly admitted: number
  readonly refused: number
}

const order: ReplicaOrder = JSON.parse(process.argv[2] ?? '')
const redis = await connected(order.url, { deadlineMs: 5_000 })
const limiter = createRedisLimiter({
  redis,
  local: createMemoryLimiter(systemClock),
  onStoreFailure: { requests: 'refuse', tokens: 'refuse', concurrent: 'refuse' },
  leaseMs: order.leaseMs,
})
let admitted = 0
let refused = 0

async function ask(): Promise<Slot | undefined> {
  const slot = await limiter.admit(order.subjects)
  const taken = isFull(slot) ? slot : await slot.takeTokens({ atMost: order.tokens, atLeast: order.tokens })
  if (isFull(slot) || isFull(taken)) {
    if (!isFull(slot)) slot.giveBack()
    refused += 1
    return undefined
  }
  admitted += 1
  return slot
}

if ('keep' in order.mode) {
  for (let index = 0; index < order.mode.keep; index += 1) await ask()
  process.send?.({ admitted, refused } satisfies ReplicaReport)
  await sleep(60_000)
} else {
  const until = performance.now() + order.mode.hammerMs
  const hammer = async () => {
    while (performance.now() < until) {
      const slot = await ask()
      await sleep(slot === undefined ? 5 : 1)
      slot?.end(order.tokens)
    }
  }
  await Promise.all(Array.from({ length: 20 }, hammer))
  await limiter.close()
  await redis.close()
  process.send?.({ admitted, refused } satisfies ReplicaReport)
  process.disconnect?.()
}
