import type { Clock } from '../../base/clock.ts'
import type { Full, RateState, Slot, TokenAsk } from '../limiter.ts'
import { type CountedSubject, fullWindow, later, leftIn } from './counters.ts'
import type { SlidingWindow } from './sliding-window.ts'

/** A place held in every subject's counters until the request ends. */
export class MemorySlot implements Slot {
  readonly #entries: readonly CountedSubject[]
  readonly #clock: Clock
  /** The windows this request is counted in; a reload may add others later. */
  readonly #requestWindows: SlidingWindow[] = []
  readonly #tokenWindows: SlidingWindow[] = []
  readonly #admittedAt: number
  #taken = 0
  #takenAt: number
  #ended = false

  constructor(entries: readonly CountedSubject[], clock: Clock) {
    const now = clock.elapsed()
    this.#entries = entries
    this.#clock = clock
    this.#admittedAt = now
    this.#takenAt = now
    for (const { counters } of entries) {
      counters.inFlight += 1
      counters.requests?.add(1, now)
      if (counters.requests !== undefined) this.#requestWindows.push(counters.requests)
      if (counters.tokens !== undefined) this.#tokenWindows.push(counters.tokens)
    }
  }

  takeTokens(ask: TokenAsk): number | Full {
    if (this.#ended) return 0
    const now = this.#clock.elapsed()
    const before = this.#taken
    this.#correctTokens(0, now)
    let most = ask.atMost
    let full: Full | undefined
    for (const entry of this.#entries) {
      full = later(full, fullWindow('tokens', entry, ask.atLeast, now))
      most = Math.min(most, Math.max(0, leftIn('tokens', entry, now)?.left ?? most))
    }
    if (full !== undefined) {
      this.#correctTokens(before, now)
      return full
    }
    this.#taken = most
    this.#takenAt = now
    for (const window of this.#tokenWindows) window.add(most, now)
    return most
  }

  end(tokensUsed: number): void {
    if (this.#ended) return
    this.#leave()
    this.#correctTokens(tokensUsed, this.#clock.elapsed())
  }

  giveBack(): void {
    if (this.#ended) return
    this.#leave()
    const now = this.#clock.elapsed()
    this.#correctTokens(0, now)
    for (const window of this.#requestWindows) window.correct(this.#admittedAt, -1, now)
  }

  state(kind: 'requests' | 'tokens'): RateState | undefined {
    const now = this.#clock.elapsed()
    let tightest: RateState | undefined
    for (const entry of this.#entries) {
      const found = leftIn(kind, entry, now)
      if (found === undefined) continue
      const remaining = Math.max(0, found.left)
      if (tightest === undefined || remaining < tightest.remaining)
        tightest = { limit: found.limit, remaining, resetMs: found.window.untilEmpty(now) }
    }
    return tightest
  }

  #leave(): void {
    this.#ended = true
    for (const { counters } of this.#entries) counters.inFlight -= 1
  }

  /** Corrects what this request took to `tokens`, in the buckets it was taken from. */
  #correctTokens(tokens: number, now: number): void {
    const change = tokens - this.#taken
    this.#taken = tokens
    if (change !== 0) for (const window of this.#tokenWindows) window.correct(this.#takenAt, change, now)
  }
}
