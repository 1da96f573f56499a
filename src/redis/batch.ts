import type { Redis } from 'iovalkey'
import type { Reply } from './connection.ts'
import {
  ailmentOf,
  CLOSED,
  isAnswer,
  isAway,
  isCut,
  isReply,
  isTooLate,
  isUnknownScript,
  NO_ANSWER,
  type Outcome,
} from './outcome.ts'
import type { Script } from './script.ts'
import type { ServerClock } from './server-clock.ts'
import { StoreUnavailable } from './store-unavailable.ts'

type Arguments = readonly (string | number)[]

/** Something to ask Redis. */
export type Call = (
  | {
      readonly script: Script
      readonly keys: readonly string[]
      readonly args: Arguments
      readonly onLate: ((reply: Reply) => void) | undefined
    }
  | { readonly name: string; readonly args: Arguments }
) & {
  /** The node is asked although the slot is still on its way to it. */
  readonly asking?: true
}

/** Whom a batch tells what becomes of it. */
export interface BatchEvents {
  sent(): void
  /** The deadline has passed without an answer. */
  silent(): void
  /** Redis has answered, in time or late, and `ailment` is what keeps it from serving; or the connection is gone. */
  over(answered: boolean, ailment: string | undefined): void
}

/** Where a batch goes. */
export interface Line {
  readonly redis: Redis
  readonly clock: ServerClock
  /** The scripts Redis was sent: the first call that needs one takes it along, so that calls keep their order. */
  readonly loaded: Set<Script>
  /** When Redis last answered, by `performance.now()`. */
  heardAt(): number
}

interface Waiting {
  readonly call: Call
  readonly resolve: (reply: Reply) => void
  readonly reject: (error: unknown) => void
}

/** So many calls are written at once: their answers come together, and the next ones see that Redis answers. */
const MOST_TOGETHER = 16

/** While Redis answers others, a call waits its turn, but for no more than so many deadlines. */
const MOST_DEADLINES = 10

/** Calls of one turn of the event loop: written at once, and given up together when Redis is silent. */
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

  /** The first call counts. */
  send(): void {
    if (this.#sent) return
    this.#sent = true
    this.#events.sent()
    void this.#exchange()
  }

  async #exchange(): Promise<void> {
    this.#sentAt = performance.now()
    const validUntil = this.#line.clock.now() + MOST_DEADLINES * this.#deadlineMs
    this.#watch(this.#deadlineMs)
    const outcomes = [...(await this.#ask(this.#calls, validUntil))]
    const again = this.#calls.filter((_, place) => isUnknownScript(outcomes[place]))
    if (again.length > 0) {
      for (const { call } of again) if ('script' in call) this.#line.loaded.delete(call.script)
      const second = (await this.#ask(again, validUntil)).values()
      for (const [place, outcome] of outcomes.entries()) {
        if (isUnknownScript(outcome)) outcomes[place] = second.next().value ?? outcome
      }
    }
    this.#calls.forEach((each, place) => {
      this.#settle(each, outcomes[place] ?? { error: NO_ANSWER, reply: undefined })
    })
    clearTimeout(this.#timer)
    this.#over = true
    this.#end()
    this.#events.over(outcomes.some(isAnswer), ailmentOf(outcomes))
  }

  /** One round trip. Somebody may have made Redis forget its scripts: then those calls take a second one. */
  async #ask(calls: readonly Waiting[], validUntil: number): Promise<readonly Outcome[]> {
    const { redis, loaded } = this.#line
    const pipeline = redis.pipeline()
    const fresh = new Set(calls.flatMap(({ call }) => ('script' in call ? [call.script] : [])))
    for (const script of fresh) {
      if (loaded.has(script)) fresh.delete(script)
      else pipeline.call('SCRIPT', 'LOAD', script.source)
      loaded.add(script)
    }
    const places: number[] = []
    for (const { call } of calls) {
      if (call.asking) pipeline.call('ASKING')
      places.push(pipeline.length)
      if ('script' in call) {
        const { script, keys, args } = call
        pipeline.call('EVALSHA', script.sha, keys.length, ...keys, ...args, validUntil)
      } else pipeline.call(call.name, ...call.args)
    }
    const outcomes = (await pipeline.exec()) ?? []
    return places.map((place) => {
      const [error, reply] = outcomes[place] ?? [NO_ANSWER, undefined]
      return { error, reply }
    })
  }

  #settle({ call, resolve, reject }: Waiting, { error, reply }: Outcome): void {
    if (error === null && isReply(reply)) {
      if (this.#expired && 'script' in call) call.onLate?.(reply)
      resolve(reply)
      return
    }
    const problem = error ?? NO_ANSWER
    // Redis' time is not what it was thought to be, or the call took all the time there was.
    if (isTooLate(problem)) this.#line.clock.adjust().catch(() => {})
    const mayBeDone = problem.name !== 'ReplyError'
    const why = isCut(problem) ? CLOSED : problem.message
    const away = new StoreUnavailable(`redis: ${why}`, { mayBeDone, cause: problem })
    reject(isAway(problem) ? away : problem)
  }

  /** A turn that took long leaves answers unread: they are looked at before Redis is said to be silent. */
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
