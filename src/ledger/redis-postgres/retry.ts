import { setTimeout as sleep } from 'node:timers/promises'
import { StoreUnavailable } from '../../redis/store-unavailable.ts'

const FIRST_PAUSE_MS = 100
const MOST_PAUSE_MS = 1_000

/** Retries what must not be lost until it succeeds or the ledger is closed. */
export class Retry {
  readonly #closing = new AbortController()
  readonly #onFailure: (error: unknown) => void

  constructor(onFailure: (error: unknown) => void) {
    this.#onFailure = onFailure
  }

  /**
   * `attempt` must be idempotent: it may be repeated after a success whose answer was lost. Rejects with the
   * last error on close.
   */
  async untilDone<T>(attempt: () => Promise<T>): Promise<T> {
    if (this.#closing.signal.aborted) throw new StoreUnavailable('the ledger is closed')
    for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(MOST_PAUSE_MS, pause * 2)) {
      try {
        return await attempt()
      } catch (error) {
        this.#onFailure(error)
        await sleep(pause, undefined, { ref: false, signal: this.#closing.signal }).catch(() => undefined)
        if (this.#closing.signal.aborted) throw error
      }
    }
  }

  close(): void {
    this.#closing.abort()
  }
}
