import type { Clock } from '../../base/clock.ts'
import type { Full, Limiter, LimiterHealth, Slot, Subject } from '../limiter.ts'
import {
  type Counters,
  createCounters,
  ensureWindows,
  fullConcurrency,
  fullWindow,
  isIdle,
  later,
} from './counters.ts'
import { WINDOW_MS } from './sliding-window.ts'
import { MemorySlot } from './slot.ts'

/**
 * A limiter for one process, on the clock's `elapsed`. Counters belong to a subject's id: changing its limits
 * does not reset them. A subject idle for a whole window is forgotten.
 */
export function createMemoryLimiter(clock: Clock): Limiter {
  return new MemoryLimiter(clock)
}

class MemoryLimiter implements Limiter {
  readonly #counters = new Map<string, Counters>()
  readonly #clock: Clock
  #sweptAt: number

  constructor(clock: Clock) {
    this.#clock = clock
    this.#sweptAt = clock.elapsed()
  }

  async admit(subjects: readonly Subject[]): Promise<Slot | Full> {
    const now = this.#clock.elapsed()
    if (now - this.#sweptAt > WINDOW_MS) this.#forgetIdle(now)
    const entries = subjects.map((subject) => ({ subject, counters: this.#countersOf(subject) }))
    let full: Full | undefined
    for (const entry of entries)
      full = later(full, later(fullConcurrency(entry), fullWindow('requests', entry, 1, now)))
    return full ?? new MemorySlot(entries, this.#clock)
  }

  health(): LimiterHealth {
    return { ok: true }
  }

  async close(): Promise<void> {
    this.#counters.clear()
  }

  #countersOf(subject: Subject): Counters {
    const known = this.#counters.get(subject.id)
    const counters = known ?? createCounters()
    if (known === undefined) this.#counters.set(subject.id, counters)
    ensureWindows(counters, subject)
    return counters
  }

  #forgetIdle(now: number): void {
    this.#sweptAt = now
    for (const [id, counters] of this.#counters) if (isIdle(counters, now)) this.#counters.delete(id)
  }
}
