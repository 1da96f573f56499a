import { setTimeout as sleep } from 'node:timers/promises'
import { systemClock } from '../../../src/base/clock.ts'
import { isFull, type Subject } from '../../../src/limits/limiter.ts'
import { createMemoryLimiter } from '../../../src/limits/memory/limiter.ts'
import { createRedisLimiter } from '../../../src/limits/redis/limiter.ts'
import { connected } from '../../support/redis-connection.ts'
import type { Admission } from './windows.ts'

/** A replica that sends as many requests as it can. */
export interface PressureOrder {
  readonly url: string
  readonly subjects: readonly Subject[]
  readonly seconds: number
  readonly tokens: number
}

const order: PressureOrder = JSON.parse(process.argv[2] ?? '')
const redis = await connected(order.url, { deadlineMs: 2_000 })
const limiter = createRedisLimiter({
  redis,
  local: createMemoryLimiter(systemClock),
  onStoreFailure: { requests: 'refuse', tokens: 'refuse', concurrent: 'refuse' },
})
const admissions: Admission[] = []
const wallNow = () => performance.timeOrigin + performance.now()
const until = wallNow() + order.seconds * 1000

async function press(): Promise<void> {
  while (wallNow() < until) {
    const asked = wallNow()
    const slot = await limiter.admit(order.subjects)
    if (isFull(slot)) {
      await sleep(Math.min(20, slot.retryAfterMs))
      continue
    }
    const taken = await slot.takeTokens({ atMost: order.tokens, atLeast: order.tokens })
    const told = wallNow()
    if (isFull(taken)) slot.giveBack()
    else admissions.push({ asked, told, tokens: order.tokens })
    await sleep(isFull(taken) ? Math.min(20, taken.retryAfterMs) : 2)
    slot.end(order.tokens)
  }
}

await Promise.all(Array.from({ length: 8 }, press))
await limiter.close()
await redis.close()
process.send?.(admissions, () => process.disconnect?.())
