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
  /** Percentage of the tokens taken that the request turns out to use, since its prompt is only estimated. */
  used: fc.nat(160),
})

/** What the limiter should know, kept with exact timestamps. */
interface Told {
  readonly at: number
  readonly taken: number
  readonly used: number
  endedAt: number
}

const limits = { requestsPerMinute: 12, tokensPerMinute: 200, concurrent: 6 }

test('admits no more requests or tokens than the limit in any minute, by exact timestamps', async () => {
  const team = { id: 'team:a', limits }
  const property = fc.asyncProperty(fc.array(step, { maxLength: 80 }), async (steps) => {
    const clock = steppedClock()
    const limiter = createMemoryLimiter(clock)
    const admitted: Told[] = []
    const inFlight: { slot: Slot; told: Told }[] = []
    const end = () => {
      for (const { slot, told } of inFlight.splice(0)) {
        slot.end(told.used)
        told.endedAt = clock.elapsed()
      }
    }
    for (const { gap, most, least, end: how, used } of steps) {
      clock.advance(gap)
      const slot = await limiter.admit([team])
      if (isFull(slot)) {
        if (slot.full === 'concurrent') end()
        continue
      }
      assert.ok(inFlight.length < limits.concurrent)
      const taken = await slot.takeTokens({ atMost: Math.max(most, least), atLeast: Math.min(most, least) })
      if (isFull(taken) || how === 'give back') {
        slot.giveBack()
        continue
      }
      assert.ok(taken >= Math.min(most, least) && taken <= Math.max(most, least))
      const at = clock.elapsed()
      const told = { at, taken, used: Math.floor((taken * used) / 100), endedAt: Number.POSITIVE_INFINITY }
      const minute = [...admitted.filter((other) => other.at > at - MINUTE), told]
      assert.ok(minute.length <= limits.requestsPerMinute)
      const known = minute.map((each) => (each.endedAt <= at ? each.used : each.taken))
      assert.ok(sum(known) <= limits.tokensPerMinute)
      admitted.push(told)
      inFlight.push({ slot, told })
      if (how === 'end') end()
    }
    for (const { at } of admitted) {
      const minute = admitted.filter((other) => other.at > at - MINUTE && other.at <= at)
      const unforeseen = minute.filter(({ endedAt }) => endedAt >= at)
      const excess = unforeseen.map(({ taken, used }) => Math.max(0, used - taken))
      const all = sum(minute.map(({ used }) => used))
      assert.ok(
        all <= limits.tokensPerMinute + sum(excess),
        'more than the limit is only what those in flight at the last admission used beyond what they took',
      )
    }
  })
  await fc.assert(property, { numRuns: 300 })
})

function sum(amounts: readonly number[]): number {
  return amounts.reduce((all, amount) => all + amount, 0)
}

test('forgets subjects unused for a minute, and none that are in use', async () => {
  const clock = steppedClock()
  const limiter = createMemoryLimiter(clock)
  const few = { requestsPerMinute: 5, tokensPerMinute: 1000, concurrent: 1 }
  const before = await heapUsed()
  const busy = await limiter.admit([{ id: 'busy', limits: few }])
  for (let round = 0; round < 40; round += 1) {
    for (let index = 0; index < 200; index += 1) {
      const slot = await limiter.admit([{ id: `${round}/${index}`, limits: few }])
      assert.ok(!isFull(slot))
      slot.end(10)
    }
    clock.advance(70_000)
  }
  // 8,000 subjects at 9.6 kB each were 77 MB.
  const kept = (await heapUsed()) - before
  assert.ok(kept < 20_000_000, `${kept} bytes are kept`)
  const outcome = await limiter.admit([{ id: 'busy', limits: few }])
  assert.ok(!isFull(busy) && isFull(outcome) && outcome.full === 'concurrent')
})

/** Measured after collecting garbage; array buffers are freed one turn later than the rest. */
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
