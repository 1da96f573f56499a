import type { Clock } from '../base/clock.ts'
import type { UpstreamPhase } from '../base/failure.ts'
import type { Timeouts } from './settings.ts'

/** A call that is waiting for its upstream. `lastByteAt` is undefined until the first byte; times are `elapsed()`. */
export interface Watched {
  readonly startedAt: number
  /** When the latest bytes of the request went out: a long upload is no silence of the upstream's. */
  readonly askedAt: number
  lastByteAt: number | undefined
  /** A reader that is slow is no fault of the upstream's: the idle limit does not run meanwhile. */
  paused: boolean
  /** Where it stands among the watched, -1 where it does not; kept by `Deadlines`. */
  seat: number
  expire(phase: UpstreamPhase, afterMs: number): void
}

/**
 * The first-byte, idle and total limits of all calls to one upstream, kept by one timer that looks at each of them
 * every so often: a timer for each request and each chunk would cost more than the bytes they guard.
 */
export class Deadlines {
  /** No Set: the tables that a busy one outgrows keep each other, and all that is in them, from being collected. */
  readonly #calls: Watched[] = []
  readonly #timeouts: Timeouts
  readonly #clock: Clock
  readonly #everyMs: number
  #timer: NodeJS.Timeout | undefined

  constructor(timeouts: Timeouts, clock: Clock) {
    this.#timeouts = timeouts
    this.#clock = clock
    const shortest = Math.min(timeouts.firstByte, timeouts.idle, timeouts.total)
    this.#everyMs = Math.max(5, Math.min(250, shortest / 10))
  }

  watch(call: Watched): void {
    call.seat = this.#calls.push(call) - 1
    if (this.#timer === undefined) {
      this.#timer = setInterval(() => this.#look(), this.#everyMs)
      this.#timer.unref()
    }
  }

  /** Harmless for a call that is not watched any more. */
  forget(call: Watched): void {
    if (call.seat === -1) return
    const last = this.#calls.pop()
    if (last !== undefined && last !== call) {
      this.#calls[call.seat] = last
      last.seat = call.seat
    }
    call.seat = -1
  }

  close(): void {
    clearInterval(this.#timer)
    this.#timer = undefined
  }

  #look(): void {
    const now = this.#clock.elapsed()
    const { firstByte, idle, total } = this.#timeouts
    for (const call of [...this.#calls]) {
      if (now - call.startedAt > total) this.#expire(call, 'total', total)
      else if (call.lastByteAt === undefined) {
        if (now - call.askedAt > firstByte) this.#expire(call, 'first_byte', firstByte)
      } else if (!call.paused && now - call.lastByteAt > idle) this.#expire(call, 'idle', idle)
    }
  }

  #expire(call: Watched, phase: UpstreamPhase, afterMs: number): void {
    this.forget(call)
    call.expire(phase, afterMs)
  }
}
