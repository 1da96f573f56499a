import type { Redis } from 'iovalkey'
import { type Call, writeCalls } from './call.ts'
import type { Reply } from './connection.ts'
import { exchange } from './exchange.ts'
import {
  ailmentOf,
  CLOSED,
  isAnswer,
  isAway,
  isCut,
  isForeignKey,
  isTooLate,
  isUnknownScript,
  NO_ANSWER,
  type Outcome,
} from './outcome.ts'
import type { Script } from './script.ts'
import type { ServerClock } from './server-clock.ts'
import { StoreUnavailable } from './store-unavailable.ts'

/** Notified of what happens to a batch. */
export interface BatchEvents {
  sent(): void
  /** The deadline has passed without an answer. */
  silent(): void
  /**
   * Redis has answered, in time or late, or the connection is gone. `ailment`: what keeps Redis from serving.
   */
  over(answered: boolean, ailment: string | undefined): void
  /** A key of this call holds another type than ours. */
  foreignKey(call: Call): void
}

/** The connection a batch uses. */
export interface Line {
  readonly redis: Redis
  readonly clock: ServerClock
  /**
   * The scripts already sent to Redis. The first call that needs a script sends it along, so that calls keep
   * their order.
   */
  readonly loaded: Set<Script>
  /** When Redis last answered, by `performance.now()`. */
  heardAt(): number
}

interface Waiting {
  readonly call: Call
  readonly resolve: (reply: Reply) => void
  readonly reject: (error: unknown) => void
}

/** Calls per write. Their replies arrive together and show the calls behind them that Redis is answering. */
const MOST_TOGETHER = 16

/** While Redis answers other calls, a call waits its turn, but for no more than this many deadlines. */
const MOST_DEADLINES = 10

/**
 * Calls of one turn of the event loop: written together, and given up together when Redis does not respond.
 */
export class Batch {
  /** Resolves when every call has been answered or given up. */
  readonly ended: Promise<void>
  readonly #line: Line
  readonly #deadlineMs: number
  readonly #events: BatchEvents
  readonly #calls: Waiting[] = []
  #end: () => void = () => {}
  #sent = false
  #sentAt = 0
  #timer: NodeJS.Timeout | undefined
  #expired = false
  #over = false

  constructor(line: Line, deadlineMs: number, events: BatchEvents) {
    this.#line = line
    this.#deadlineMs = deadlineMs
    this.#events = events
    this.ended = new Promise((resolve) => {
      this.#end = resolve
    })
  }

  get isFull(): boolean {
    return this.#calls.length >= MOST_TOGETHER
  }

  add(call: Call): Promise<Reply> {
    return new Promise((resolve, reject) => {
      this.#calls.push({ call, resolve, reject })
    })
  }

  /** Only the first call counts. */
  send(): void {
    if (this.#sent) return
    this.#sent = true
    this.#events.sent()
    this.#sentAt = performance.now()
    const validUntil = this.#line.clock.now() + MOST_DEADLINES * this.#deadlineMs
    this.#watch(this.#deadlineMs)
    this.#ask(this.#calls, validUntil, (outcomes) => {
      if (outcomes.some(isUnknownScript)) this.#askAgain(outcomes, validUntil)
      else this.#answered(outcomes)
    })
  }

  /** Redis may have been made to forget its scripts. Calls that need them take a second round trip. */
  #askAgain(first: readonly Outcome[], validUntil: number): void {
    const again = this.#calls.filter((_, index) => isUnknownScript(first[index]))
    for (const { call } of again) if ('script' in call) this.#line.loaded.delete(call.script)
    this.#ask(again, validUntil, (second) => {
      const repeated = second.values()
      this.#answered(
        first.map((outcome) => (isUnknownScript(outcome) ? (repeated.next().value ?? outcome) : outcome)),
      )
    })
  }

  #answered(outcomes: readonly Outcome[]): void {
    clearTimeout(this.#timer)
    this.#over = true
    for (const [index, each] of this.#calls.entries()) {
      this.#settle(each, outcomes[index] ?? { error: NO_ANSWER, reply: null })
    }
    this.#end()
    this.#events.over(outcomes.some(isAnswer), ailmentOf(outcomes))
  }

  /** One round trip. */
  #ask(calls: readonly Waiting[], validUntil: number, done: (outcomes: readonly Outcome[]) => void): void {
    const { redis, loaded } = this.#line
    const commands = writeCalls(
      calls.map(({ call }) => call),
      loaded,
      validUntil,
    )
    exchange(redis, commands, done)
  }

  #settle({ call, resolve, reject }: Waiting, { error, reply }: Outcome): void {
    if (error === null) {
      if (this.#expired && 'script' in call) call.onLate?.(reply)
      resolve(reply)
      return
    }
    // Either our estimate of Redis' time is off, or the call used up all of its time.
    if (isTooLate(error)) this.#line.clock.adjust().catch(() => {})
    if (isForeignKey(error)) this.#events.foreignKey(call)
    const mayBeDone = error.name !== 'ReplyError'
    const why = isCut(error) ? CLOSED : error.message
    const away = new StoreUnavailable(`redis: ${why}`, { mayBeDone, cause: error })
    reject(isAway(error) ? away : error)
  }

  /**
   * A long turn of the event loop leaves replies unread; they are processed before Redis is declared
   * unresponsive.
   */
  #watch(forMs: number): void {
    this.#timer = setTimeout(() => setImmediate(() => this.#expire()), forMs)
  }

  #expire(): void {
    if (this.#over) return
    const now = performance.now()
    const silence = now - Math.max(this.#sentAt, this.#line.heardAt())
    if (silence < this.#deadlineMs && now - this.#sentAt < MOST_DEADLINES * this.#deadlineMs) {
      this.#watch(this.#deadlineMs - silence)
      return
    }
    this.#expired = true
    const error = new StoreUnavailable(`redis: no answer within ${this.#deadlineMs} ms`, {
      mayBeDone: true,
    })
    for (const { reject } of this.#calls) reject(error)
    this.#end()
    this.#events.silent()
  }
}
