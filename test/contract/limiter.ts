import assert from 'node:assert/strict'
import { type TestOptions, test } from 'node:test'
import type { Clock } from '../../src/base/clock.ts'
import {
  type Full,
  isFull,
  type Limiter,
  type Limits,
  type RateState,
  type Slot,
  type Subject,
} from '../../src/limits/limiter.ts'

/** A clock that stands still until it is advanced. */
export interface SteppedClock extends Clock {
  advance(ms: number): void
}

export function steppedClock(elapsed = 12_345.5): SteppedClock {
  let passed = elapsed
  return {
    now: () => Date.UTC(2026, 10, 18, 12) + passed,
    elapsed: () => passed,
    advance: (ms) => {
      passed += ms
    },
  }
}

/** The contract of every limiter, wherever it counts. */
export function limiterContract(
  name: string,
  create: (clock: Clock) => Promise<Limiter>,
  options: TestOptions = {},
): void {
  function claim(title: string, run: (limiter: Limiter, clock: SteppedClock) => Promise<void>): void {
    test(`${name}: ${title}`, options, async () => {
      const clock = steppedClock()
      const limiter = await create(clock)
      try {
        await run(limiter, clock)
      } finally {
        await limiter.close()
      }
    })
  }

  claim(
    'admits as many requests as the limit, and the next once one is a minute old',
    async (limiter, clock) => {
      const team = [subject({ requestsPerMinute: 3 })]
      for (let index = 0; index < 3; index += 1) {
        await admitted(limiter, team)
        clock.advance(1000)
      }
      const full = await refused(limiter, team)
      assert.deepEqual(
        [full.full, full.subject, full.limit, full.never],
        ['requests', 'team:research', 3, false],
      )
      assert.ok(full.retryAfterMs > 56_900 && full.retryAfterMs <= 57_100, `${full.retryAfterMs}`)
      clock.advance(full.retryAfterMs)
      await admitted(limiter, team)
      await refused(limiter, team)
    },
  )

  claim('counts nothing for a request it refuses', async (limiter, clock) => {
    const team = subject({ requestsPerMinute: 10 })
    const key = subject({ requestsPerMinute: 1 }, 'key:research/ci')
    await admitted(limiter, [team, key])
    for (let index = 0; index < 20; index += 1) await refused(limiter, [team, key])
    const slot = await admitted(limiter, [team])
    assert.equal(slot.state('requests')?.remaining, 8)
    clock.advance(60_200)
    await admitted(limiter, [team, key])
  })

  claim('returns the count, slot and tokens of a request that is given back', async (limiter) => {
    const team = [subject({ requestsPerMinute: 2, tokensPerMinute: 100, concurrent: 2 })]
    for (let index = 0; index < 10; index += 1) {
      const slot = await admitted(limiter, team)
      assert.equal(await slot.takeTokens({ atMost: 80, atLeast: 80 }), 80)
      slot.giveBack()
      slot.giveBack()
      slot.end(80)
    }
    const slot = await admitted(limiter, team)
    assert.deepEqual([slot.state('requests')?.remaining, slot.state('tokens')?.remaining], [1, 100])
  })

  claim('limits the number in flight, and frees a slot only once', async (limiter) => {
    const team = [subject({ concurrent: 2 })]
    const first = await admitted(limiter, team)
    await admitted(limiter, team)
    assert.equal((await refused(limiter, team)).full, 'concurrent')
    first.end(0)
    first.end(0)
    first.giveBack()
    await admitted(limiter, team)
    await refused(limiter, team)
  })

  claim('admits atomically, however many ask at once', async (limiter) => {
    const team = [subject({ requestsPerMinute: 7, concurrent: 5 })]
    const outcomes = await Promise.all(Array.from({ length: 40 }, () => limiter.admit(team)))
    assert.equal(outcomes.filter((outcome) => !isFull(outcome)).length, 5)
  })

  claim('takes as many tokens as fit into every window, or none', async (limiter) => {
    const team = subject({ tokensPerMinute: 1000 })
    const key = subject({ tokensPerMinute: 300 }, 'key:research/ci')
    const slot = await admitted(limiter, [team, key])
    assert.equal(await slot.takeTokens({ atMost: 5000, atLeast: 100 }), 300)
    const other = await admitted(limiter, [team, key])
    const full = await other.takeTokens({ atMost: 200, atLeast: 100 })
    assert.ok(isFull(full))
    assert.deepEqual([full.full, full.subject, full.never], ['tokens', key.id, false])
    assert.equal(await (await admitted(limiter, [team])).takeTokens({ atMost: 5000, atLeast: 1 }), 700)
  })

  claim('reports never for a request larger than the whole window', async (limiter) => {
    const slot = await admitted(limiter, [subject({ tokensPerMinute: 1000 })])
    const full = await slot.takeTokens({ atMost: 2000, atLeast: 1001 })
    assert.ok(isFull(full) && full.never)
    assert.ok((await refused(limiter, [subject({ requestsPerMinute: 0 }, 'a')])).never)
    assert.ok((await refused(limiter, [subject({ concurrent: 0 }, 'b')])).never)
  })

  claim('lets a later take replace an earlier one if it fits', async (limiter) => {
    const team = [subject({ tokensPerMinute: 1000 })]
    const slot = await admitted(limiter, team)
    assert.equal(await slot.takeTokens({ atMost: 800, atLeast: 800 }), 800)
    assert.equal(await slot.takeTokens({ atMost: 900, atLeast: 900 }), 900)
    assert.ok(isFull(await slot.takeTokens({ atMost: 1200, atLeast: 1200 })))
    assert.equal(slot.state('tokens')?.remaining, 100)
    slot.end(250)
    assert.equal((await tokensOf(limiter, team))?.remaining, 750)
    assert.equal(await slot.takeTokens({ atMost: 5, atLeast: 5 }), 0)
  })

  claim('corrects tokens when they were taken, not when usage became known', async (limiter, clock) => {
    const team = [subject({ tokensPerMinute: 1000 })]
    const slot = await admitted(limiter, team)
    await slot.takeTokens({ atMost: 900, atLeast: 900 })
    clock.advance(50_000)
    slot.end(400)
    assert.equal((await tokensOf(limiter, team))?.remaining, 600)
    clock.advance(10_200)
    assert.equal((await tokensOf(limiter, team))?.remaining, 1000)
    const long = await admitted(limiter, team)
    await long.takeTokens({ atMost: 900, atLeast: 900 })
    clock.advance(120_000)
    long.end(100)
    assert.equal((await tokensOf(limiter, team))?.remaining, 1000)
  })

  claim('counts what a request used beyond what it took against the next', async (limiter, clock) => {
    const team = [subject({ tokensPerMinute: 1000 })]
    const first = await admitted(limiter, team)
    await first.takeTokens({ atMost: 600, atLeast: 600 })
    const second = await admitted(limiter, team)
    await second.takeTokens({ atMost: 400, atLeast: 400 })
    clock.advance(20_000)
    first.end(900)
    second.end(150)
    assert.equal((await tokensOf(limiter, team))?.remaining, 0)
    const next = await admitted(limiter, team)
    const full = await next.takeTokens({ atMost: 10, atLeast: 10 })
    assert.ok(isFull(full) && !full.never)
    assert.ok(full.retryAfterMs > 39_900 && full.retryAfterMs <= 40_100, `${full.retryAfterMs}`)
    clock.advance(full.retryAfterMs)
    assert.equal(await next.takeTokens({ atMost: 10, atLeast: 10 }), 10)
    assert.equal(next.state('tokens')?.remaining, 990)
  })

  claim('corrects a take that is still in progress when the request ends', async (limiter) => {
    const team = [subject({ tokensPerMinute: 1000, concurrent: 1 })]
    for (const used of [30, 0]) {
      const slot = await admitted(limiter, team)
      await slot.takeTokens({ atMost: 100, atLeast: 100 })
      const taking = slot.takeTokens({ atMost: 700, atLeast: 700 })
      if (used > 0) slot.end(used)
      else slot.giveBack()
      await taking
      assert.equal((await tokensOf(limiter, team))?.remaining, 970)
    }
  })

  claim('keeps a subject’s counters when its limits change', async (limiter) => {
    for (let index = 0; index < 3; index += 1) await admitted(limiter, [subject({ requestsPerMinute: 10 })])
    await refused(limiter, [subject({ requestsPerMinute: 3 })])
    const slot = await admitted(limiter, [subject({ requestsPerMinute: 20 })])
    assert.equal(slot.state('requests')?.remaining, 16)
  })

  claim('does not count requests from before a limit was set', async (limiter) => {
    const early = await admitted(limiter, [subject({})])
    await early.takeTokens({ atMost: 500, atLeast: 500 })
    const limited = [subject({ tokensPerMinute: 1000, requestsPerMinute: 5 })]
    const slot = await admitted(limiter, limited)
    early.giveBack()
    assert.deepEqual([slot.state('requests')?.remaining, slot.state('tokens')?.remaining], [4, 1000])
  })

  claim('reports the state of the tightest subject and when it has fully reset', async (limiter, clock) => {
    const team = subject({ requestsPerMinute: 100, concurrent: 9 })
    const slot = await admitted(limiter, [team, subject({ requestsPerMinute: 4 }, 'key:research/ci')])
    const state = slot.state('requests')
    assert.deepEqual([state?.limit, state?.remaining], [4, 3])
    assert.ok(state !== undefined && state.resetMs > 59_900 && state.resetMs <= 60_100)
    assert.equal(slot.state('tokens'), undefined)
    const taking = [subject({ tokensPerMinute: 1000 }), subject({ tokensPerMinute: 80 }, 'key:research/ci')]
    await (await admitted(limiter, taking)).takeTokens({ atMost: 30, atLeast: 30 })
    clock.advance(20_000)
    const tokens = await tokensOf(limiter, taking)
    assert.deepEqual([tokens?.limit, tokens?.remaining], [80, 50])
    assert.ok(tokens !== undefined && tokens.resetMs > 39_900 && tokens.resetMs <= 40_100)
  })

  claim('admits the first request of a key with few tokens', async (limiter) => {
    const slot = await admitted(limiter, [subject({ tokensPerMinute: 100 })])
    assert.equal(await slot.takeTokens({ atMost: 16_000, atLeast: 20 }), 100)
  })

  claim('is healthy', async (limiter) => {
    assert.deepEqual(limiter.health(), { ok: true })
  })

  claim('limits nothing if no limit is set', async (limiter) => {
    const outcomes = await Promise.all(Array.from({ length: 500 }, () => limiter.admit([subject({})])))
    assert.ok(outcomes.every((outcome) => !isFull(outcome)))
    const slot = await admitted(limiter, [])
    assert.equal(await slot.takeTokens({ atMost: 1e9, atLeast: 1e9 }), 1e9)
  })
}

function subject(limits: Limits, id = 'team:research'): Subject {
  return { id, limits }
}

/** The tokens left now, seen by a request that is given back. */
async function tokensOf(limiter: Limiter, subjects: readonly Subject[]): Promise<RateState | undefined> {
  const slot = await admitted(limiter, subjects)
  slot.giveBack()
  return slot.state('tokens')
}

async function admitted(limiter: Limiter, subjects: readonly Subject[]): Promise<Slot> {
  const outcome = await limiter.admit(subjects)
  assert.ok(!isFull(outcome), 'there is room')
  return outcome
}

async function refused(limiter: Limiter, subjects: readonly Subject[]): Promise<Full> {
  const outcome = await limiter.admit(subjects)
  assert.ok(isFull(outcome), 'there is no room')
  return outcome
}
