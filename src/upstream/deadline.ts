import type { Clock } from '../base/clock.ts'
import type { UpstreamPhase } from '../base/failure.ts'
import type { Timeouts } from './settings.ts'

/** A call waiting for its upstream. `lastByteAt` is undefined until the first byte; times are `elapsed()`. */
export interface Watched {
  readonly startedAt: number
  /** When the latest bytes of the request were sent: a long upload is not silence by the upstream. */
  readonly askedAt: number
  lastByteAt: number | undefined
  /** A slow reader is not the upstream's fault: the idle limit does not apply meanwhile. */
  paused: boolean
  /** Its index among the watched calls, -1 if unwatched; maintained by `Deadlines`. */
  seat: number
  expire(phase: UpstreamPhase, afterMs: number): void
}

/**
 * Enforces the first-byte, idle and total limits of all calls to one upstream with one periodic timer: a
 * timer per request and chunk would cost more than the bytes it guards.
 */
export class Deadlines {
  /** Not a Set: the tables a busy Set outgrows keep each other, and all they hold, from being collected. */
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
      // Immediates run after what has arrived is read: a process that was frozen blames no upstream for that.
      this.#timer = setInterval(() => setImmediate(() => this.#look()), this.#everyMs)
      this.#timer.unref()
    }
  }

  /** Harmless for a call that is no longer watched. */
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
