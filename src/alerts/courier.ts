import { DAY } from '../base/durations.ts'
import type { Alert, AlertBook, Ending } from './alert.ts'
import type { AlertLog } from './watch.ts'

/** The result of one attempt; only `failed` is retried. */
export type Attempt = Exclude<Ending, 'given_up'> | 'failed'

export interface CourierParts {
  readonly book: AlertBook
  readonly log: AlertLog
  /** Makes one attempt. Never rejects. */
  send(alert: Alert): Promise<Attempt>
  now(): number
  /** Resolves after `ms` milliseconds, or at once when the signal is aborted. */
  wait(ms: number, signal: AbortSignal): Promise<void>
}

/** Alerts held in memory at a time; the rest wait in the book. */
const MOST_AT_A_TIME = 50
const FIRST_PAUSE_MS = 1_000
const LONGEST_PAUSE_MS = 300_000
/** Alerts older than this are no longer useful. */
const GIVE_UP_AFTER_MS = DAY

/**
 * Delivers pending alerts, oldest first, one at a time. If the webhook fails, everything pauses: for a
 * second, then two, and so on up to five minutes. An alert is given up after a day. Alerts still pending when
 * the process ends are delivered by the next one: at least once, and under the same id.
 */
export class Courier {
  readonly attempts: Record<Attempt | 'given_up', number> = {
    delivered: 0,
    refused: 0,
    nowhere: 0,
    failed: 0,
    given_up: 0,
  }
  readonly #parts: CourierParts
  readonly #ending = new AbortController()
  #woken = false
  /** Consecutive. */
  #failures = 0
  /**
   * Delivered, but not yet recorded in the book: a full disk must not cause the same alert to be sent
   * repeatedly.
   */
  readonly #ended = new Map<string, Ending>()
  #round: Promise<void> | undefined

  constructor(parts: CourierParts) {
    this.#parts = parts
  }

  /** Signals that there may be something to deliver. */
  wake(): void {
    this.#woken = true
    this.#round ??= this.#deliverAll()
  }

  /** Waits for the attempt in progress. */
  async close(): Promise<void> {
    this.#ending.abort()
    await this.#round
  }

  async #deliverAll(): Promise<void> {
    const { signal } = this.#ending
    while (this.#woken && !signal.aborted) {
      this.#woken = false
      if (await this.#deliver()) continue
      await this.#parts.wait(Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** this.#failures), signal)
      this.#failures += 1
      this.#woken = true
    }
    this.#round = undefined
  }

  /** False if an attempt failed and the next one should wait. */
  async #deliver(): Promise<boolean> {
    const { book, log, now } = this.#parts
    try {
      for (const alert of await book.claim(MOST_AT_A_TIME)) {
        if (this.#ending.signal.aborted) return true
        const ending = this.#ended.get(alert.id) ?? (await this.#try(alert))
        if (ending === undefined) return false
        this.#ended.set(alert.id, ending)
        await book.end(alert.id, ending, now())
        this.#ended.delete(alert.id)
        this.#woken = true
      }
      return true
    } catch (error) {
      log.error({ err: error }, 'pending alerts could not be read or closed')
      return false
    }
  }

  /** Undefined if the alert should be retried. */
  async #try(alert: Alert): Promise<Ending | undefined> {
    const { log, now } = this.#parts
    const attempt = await this.#parts.send(alert)
    this.attempts[attempt] += 1
    if (attempt !== 'failed') this.#failures = 0
    else if (now() - alert.at < GIVE_UP_AFTER_MS) return undefined
    else this.attempts.given_up += 1
    const ending = attempt === 'failed' ? 'given_up' : attempt
    if (ending === 'given_up' || ending === 'refused') {
      log.error(
        { alert: alert.id, budget: alert.budget, ending },
        'an alert could not be delivered to its webhook',
      )
    }
    return ending
  }
}
