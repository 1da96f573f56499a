import { Readable } from 'node:stream'

/**
 * Buffer for a slow reader, in characters. When it is full, events are dropped, and the reader is told how
 * many.
 */
const MOST_WAITING = 256 * 1024
/** Intermediate proxies cut connections that are silent for a minute. */
const HEARTBEAT_MS = 15_000
/** How long a browser waits before it reconnects a broken stream. */
const RETRY_MS = 2_000

/** Server-sent events to one reader, in bounded memory. */
export class EventStream extends Readable {
  #missed = 0
  readonly #heartbeat: NodeJS.Timeout
  readonly #onEnd: () => void

  constructor(onEnd: () => void) {
    super({ encoding: 'utf8', highWaterMark: MOST_WAITING })
    this.#onEnd = onEnd
    this.#heartbeat = setInterval(() => this.#write(':\n\n'), HEARTBEAT_MS)
    this.#heartbeat.unref()
    this.push(`retry: ${RETRY_MS}\n\n`)
  }

  send(event: string, data: unknown): void {
    if (this.readableLength >= MOST_WAITING) {
      this.#missed += 1
      return
    }
    if (this.#missed > 0) {
      this.#write(`event: missed\ndata: {"requests":${this.#missed}}\n\n`)
      this.#missed = 0
    }
    this.#write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`)
  }

  end(): void {
    if (!this.destroyed) this.push(null)
  }

  override _read(): void {
    // Nothing to do: events are pushed as they come.
  }

  override _destroy(error: Error | null, callback: (error?: Error | null) => void): void {
    clearInterval(this.#heartbeat)
    this.#onEnd()
    callback(error)
  }

  #write(text: string): void {
    if (!this.destroyed && !this.readableEnded && this.readableLength < MOST_WAITING) this.push(text)
  }
}
