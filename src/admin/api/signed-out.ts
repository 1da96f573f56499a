import { EventEmitter } from 'node:events'
import type { Clock } from '../../base/clock.ts'
import type { EndedSessions } from '../../ledger/ended-sessions.ts'
import { fromStore } from './store-refusal.ts'

/**
 * The longest time, in milliseconds, until a sign-out on another replica takes effect here; also how often
 * the store is queried while there are requests.
 */
export const SIGNED_OUT_WITHIN_MS = 1_000

/** A session, identified by its cookie's contents. */
export interface NamedSession {
  readonly id: string
  readonly expiresAt: number
}

/**
 * Which sessions were signed out. Those ended by this process are known at once, those ended by others within
 * `SIGNED_OUT_WITHIN_MS`. While the store does not answer, the last known state stands: people look at the
 * console precisely when something is wrong.
 */
export class SignedOut {
  readonly #sessions: EndedSessions
  readonly #clock: Clock
  readonly #own = new Map<string, number>()
  /** Emits a session's id when this process ends it. */
  readonly #ends = new EventEmitter().setMaxListeners(0)
  #known: ReadonlySet<string> | undefined
  #askedAt = Number.NEGATIVE_INFINITY
  #asking: Promise<ReadonlySet<string>> | undefined

  constructor(sessions: EndedSessions, clock: Clock) {
    this.#sessions = sessions
    this.#clock = clock
  }

  /**
   * Throws `Refused` (503) if the store cannot be written. The session has then ended for this process, but
   * not for others.
   */
  async end({ id, expiresAt }: NamedSession): Promise<void> {
    const now = this.#clock.now()
    for (const [other, end] of this.#own) if (end <= now) this.#own.delete(other)
    this.#own.set(id, expiresAt)
    this.#ends.emit(id)
    await fromStore(this.#sessions.end({ id, expiresAt }, now))
  }

  /** Runs `run` once, as soon as this process ends the session. Returns the function that cancels it. */
  whenEnded({ id }: NamedSession, run: () => void): () => void {
    this.#ends.once(id, run)
    return () => void this.#ends.off(id, run)
  }

  /** Throws `Refused` (503) if the store has never answered this process. */
  async has({ id }: NamedSession): Promise<boolean> {
    if (this.#own.has(id)) return true
    if (this.#known !== undefined && this.#clock.elapsed() - this.#askedAt < SIGNED_OUT_WITHIN_MS)
      return this.#known.has(id)
    this.#asking ??= this.#ask().finally(() => {
      this.#asking = undefined
    })
    return (await this.#asking).has(id)
  }

  async #ask(): Promise<ReadonlySet<string>> {
    const asked = this.#clock.elapsed()
    try {
      this.#known = new Set(await this.#sessions.endedAt(this.#clock.now()))
    } catch (error) {
      if (this.#known === undefined) return fromStore(Promise.reject(error))
    }
    this.#askedAt = asked
    return this.#known ?? new Set()
  }
}
