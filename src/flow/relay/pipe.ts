import type { StreamMeter } from '../../upstream/frames/stream-meter.ts'
import { endTornStream } from '../../upstream/frames/torn-frame.ts'
import type { Attempt, Reader, Reply } from '../../upstream/upstream.ts'
import type { Trip } from '../trip.ts'
import { hearOut } from './hear-out.ts'

/**
 * Carries an answer from its upstream to its client, no faster than the client reads. Whoever relays the
 * answer hears of every chunk, and decides what its end means.
 */
export class Pipe {
  readonly #trip: Trip
  readonly #reply: Reply
  readonly #attempt: Attempt
  #isBehind = false

  constructor(trip: Trip, { reply, attempt }: { readonly reply: Reply; readonly attempt: Attempt }) {
    this.#trip = trip
    this.#reply = reply
    this.#attempt = attempt
  }

  /** The client reads more slowly than the upstream writes, so there may be more than has been seen. */
  get isBehind(): boolean {
    return this.#isBehind
  }

  /** Sends the head of the answer. `headers` is a flat list of names and values. */
  open(headers: readonly string[]): void {
    this.#trip.exchange.open(this.#reply.status, headers)
  }

  /** Lets the body flow to `reader`, which is aborted when the client leaves, at once if it already has. */
  read(reader: Reader & { abort(): void }): void {
    const { exchange } = this.#trip
    this.#trip.inFlight = reader
    this.#isBehind = exchange.gone
    this.#reply.read(reader)
    if (exchange.gone) reader.abort()
  }

  /** Sends a chunk in the turn it arrived. The upstream pauses until a slow client has caught up. */
  write(chunk: Buffer): void {
    const { exchange } = this.#trip
    if (exchange.gone || exchange.write(chunk)) return
    this.#isBehind = true
    this.#reply.pause()
    exchange.onDrain(() => {
      this.#isBehind = false
      this.#reply.resume()
    })
  }

  /** The client has left: reads on while that reveals more of what will be billed, then hangs up. */
  hearOut(meter: StreamMeter): void {
    this.#reply.resume()
    this.#isBehind = true
    hearOut(meter, this.#reply, (isAll) => {
      this.#isBehind = !isAll
      this.#attempt.abort()
    })
  }

  /** The upstream has written everything, and all of it has been seen. */
  ended(): void {
    this.#isBehind = false
  }

  /**
   * Ends a stream that broke off, with `error` as its last frame: SDKs take a silent end for success. An error
   * the upstream has sent itself is not repeated.
   */
  breakOff({ failed, tornFrame }: StreamMeter, error: object): void {
    const { exchange } = this.#trip
    if (!failed) exchange.write(endTornStream(tornFrame, error))
    exchange.end()
  }
}
