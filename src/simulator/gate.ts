import { once } from 'node:events'

/**
 * Where paused answers wait. Each release lets one pass: the one that has waited longest, or the next to
 * arrive.
 */
export class Gate {
  #permits = 0
  readonly #waiting: AbortController[] = []

  release(times = 1): void {
    for (let time = 0; time < times; time += 1) {
      const next = this.#waiting.shift()
      if (next === undefined) this.#permits += 1
      else next.abort()
    }
  }

  /** Resolves when released; rejects with an `AbortError` when the client has disconnected. */
  async pass(left: AbortSignal): Promise<void> {
    if (this.#permits > 0) {
      this.#permits -= 1
      return
    }
    const released = new AbortController()
    this.#waiting.push(released)
    try {
      await once(released.signal, 'abort', { signal: left })
    } finally {
      const at = this.#waiting.indexOf(released)
      if (at >= 0) this.#waiting.splice(at, 1)
    }
  }

  clear(): void {
    this.#permits = 0
  }
}
