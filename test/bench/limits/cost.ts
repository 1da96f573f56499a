import { setTimeout as sleep } from 'node:timers/promises'
import { isFull, type Limiter, type Subject } from '../../../src/limits/limiter.ts'

/** Time taken by one request's limits: admission, taking tokens and ending together. */
export interface Cost {
  readonly p50Ms: number
  readonly p99Ms: number
  readonly cpuUs: number
}

const SUBJECTS: readonly Subject[] = ['team:bench', 'key:bench/ci'].map((id) => ({
  id,
  limits: { requestsPerMinute: 1e9, tokensPerMinute: 1e12, concurrent: 1e6 },
}))

/** Admits everything and counts nothing: the overhead of the measurement itself. */
export const noLimiter: Limiter = {
  admit: async () => ({
    takeTokens: async ({ atMost }) => atMost,
    end() {},
    giveBack() {},
    state: () => undefined,
  }),
  health: () => ({ ok: true }),
  async close() {},
}

/** Sends `perSecond` requests through a limiter, in bursts of five. */
export async function measureCost(limiter: Limiter, perSecond: number, seconds: number): Promise<Cost> {
  const times: number[] = []
  const request = async () => {
    const began = performance.now()
    const slot = await limiter.admit(SUBJECTS)
    if (isFull(slot)) throw new Error('there is room')
    await slot.takeTokens({ atMost: 500, atLeast: 100 })
    times.push(performance.now() - began)
    slot.end(200)
  }
  const cpu = process.cpuUsage()
  const begin = performance.now()
  for (let sent = 0; performance.now() < begin + seconds * 1000; sent += 5) {
    const wait = begin + (sent * 1000) / perSecond - performance.now()
    if (wait > 0) await sleep(wait)
    for (let index = 0; index < 5; index += 1) void request()
  }
  await sleep(100)
  const { user, system } = process.cpuUsage(cpu)
  times.sort((a, b) => a - b)
  const at = (part: number) => times[Math.floor(times.length * part)] ?? Number.NaN
  return { p50Ms: at(0.5), p99Ms: at(0.99), cpuUs: (user + system) / times.length }
}
