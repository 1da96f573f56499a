import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout } from 'node:timers/promises'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import fc from 'fast-check'
import { isFull, type Slot } from '../../../src/limits/limiter.ts'
import { createMemoryLimiter } from '../../../src/limits/memory/limiter.ts'
import { steppedClock } from '../../contract/limiter.ts'

const MINUTE = 60_000

const step = fc.record({
  gap: fc.oneof(fc.constant(0), fc.nat(3_000), fc.integer({ min: 20_000, max: 61_000 })),
  most: fc.integer({ min: 1, max: 60 }),
  least: fc.integer({ min: 1, max: 60 }),
  end: fc.constantFrom('end', 'give back', 'later'),
  used: fc.nat(100),
})

test('admits in no minute more requests or tokens than the limit, by exact timestamps', async () => {
  const team = { id: 'team:a', limits: { requestsPerMinute: 12, tokensPerMinute: 200, concurrent: 6 } }
  const property = fc.asyncProperty(fc.array(step, { maxLength: 80 }), async (steps) => {
    const clock = steppedClock()
    const limiter = createMemoryLimiter(clock)
    const admitted: { at: number; tokens: number }[] = []
    const inFlight: { slot: Slot; row: { tokens: number }; used: number }[] = []
    for (const { gap, most, least, end, used } of steps) {
      clock.advance(gap)
      const slot = await limiter.admit([team])
      if (isFull(slot)) {
        if (slot.full === 'concurrent')
          for (const ended of inFlight.splice(0)) {
            ended.slot.end(ended.used)
            ended.row.tokens = ended.used
          }
        continue
      }
      assert.ok(inFlight.length < team.limits.concurrent)
      const taken = await slot.takeTokens({ atMost: Math.max(most, least), atLeast: Math.min(most, least) })
      if (isFull(taken) || end === 'give back') {
        slot.giveBack()
        continue
      }
      assert.ok(taken >= Math.min(most, least) && taken <= Math.max(most, least))
      // No request uses more than was taken for it: the output cap sees to that.
      const tokens = Math.floor((taken * used) / 100)
      const row = { at: clock.elapsed(), tokens: end === 'end' ? tokens : taken }
      if (end === 'end') slot.end(tokens)
      else inFlight.push({ slot, row, used: tokens })
      admitted.push(row)
      for (const { at } of admitted) {
        const minute = admitted.filter((other) => other.at > at - MINUTE && other.at <= at)
        assert.ok(minute.length <= 12)
        assert.ok(minute.reduce((sum, { tokens }) => sum + tokens, 0) <= 200)
      }
    }
  })
  await fc.assert(property, { numRuns: 300 })
})

test('forgets subjects nobody used for a minute, and none that are in use', async () => {
  const clock = steppedClock()
  const limiter = createMemoryLimiter(clock)
  const limits = { requestsPerMinute: 5, tokensPerMinute: 1000, concurrent: 1 }
  const before = await heapUsed()
  const busy = await limiter.admit([{ id: 'busy', limits }])
  for (let round = 0; round < 40; round += 1) {
    for (let index = 0; index < 200; index += 1) {
      const slot = await limiter.admit([{ id: `${round}/${index}`, limits }])
      assert.ok(!isFull(slot))
      slot.end(10)
    }
    clock.advance(70_000)
  }
  // 8,000 subjects at 9.6 kB each were 77 MB.
  const kept = (await heapUsed()) - before
  assert.ok(kept < 20_000_000, `${kept} bytes are kept`)
  const outcome = await limiter.admit([{ id: 'busy', limits }])
  assert.ok(!isFull(busy) && isFull(outcome) && outcome.full === 'concurrent')
})

/** After collections: what is no longer reachable counts until then, array buffers a turn longer. */
async function heapUsed(): Promise<number> {
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc')
  for (let round = 0; round < 3; round += 1) {
    collect()
    await setTimeout(20)
  }
  const { heapUsed, arrayBuffers } = process.memoryUsage()
  return heapUsed + arrayBuffers
}
