import type { Failure } from '../../base/failure.ts'
import type { ReportedUsage } from '../../base/usage.ts'
import type { StreamMeter } from '../../upstream/frames/stream-meter.ts'
import type { Reader } from '../../upstream/upstream.ts'
import { Pace } from '../conclude/pace.ts'
import { believed } from '../conclude/price.ts'
import { remember } from '../conclude/remember.ts'
import { blamesTarget } from '../dispatch/broken-answer.ts'
import type { Dispatched } from '../dispatch/dispatched.ts'
import { type Ending, endedBy, type Seen } from '../ending.ts'
import type { Ports } from '../ports.ts'
import type { Trip } from '../trip.ts'
import { answerMeter } from './answer-meter.ts'
import { Pipe } from './pipe.ts'
import { headersFrom, headersOf, overlay } from './response-headers.ts'

/** Bytes first: each chunk is on its way to the client in the turn it arrived. */
export function relayStream(ports: Ports, trip: Trip, dispatched: Dispatched): Promise<Ending> {
  return new StreamRelay(ports, trip, dispatched).run()
}

class StreamRelay implements Reader {
  readonly #ports: Ports
  readonly #trip: Trip
  readonly #dispatched: Dispatched
  readonly #pipe: Pipe
  readonly #meter: StreamMeter
  readonly #pace = new Pace()
  /** Waiting for the frame that names what is kept of the answer; from then on others may ask for it. */
  #isUnnamed: boolean
  /** The upstream ended the answer itself. */
  #ended = false
  #resolve: (ending: Ending) => void = () => {}

  constructor(ports: Ports, trip: Trip, dispatched: Dispatched) {
    const { needs, dialect } = dispatched
    this.#ports = ports
    this.#trip = trip
    this.#dispatched = dispatched
    this.#pipe = new Pipe(trip, dispatched)
    this.#isUnnamed = dialect.endpoint === 'responses' || needs.isKept === true
    this.#meter = answerMeter(dispatched)
  }

  run(): Promise<Ending> {
    this.#pipe.open(
      overlay(headersOf(this.#trip, undefined), headersFrom(this.#trip, this.#dispatched.reply)),
    )
    return new Promise((resolve) => {
      this.#resolve = resolve
      this.#pipe.read(this)
    })
  }

  /** The client has left. */
  abort(): void {
    this.#pipe.hearOut(this.#meter)
  }

  data(chunk: Buffer): void {
    const before = this.#meter.wordBytes
    const forward = this.#meter.take(chunk, this.#pace.arrive(this.#ports.clock.elapsed()))
    this.#pace.note(this.#meter.wordBytes - before)
    if (this.#isUnnamed && this.#meter.ids.length > 0) {
      this.#isUnnamed = false
      remember(this.#ports, this.#trip, this.#meter.ids, undefined)
    }
    if (forward.length > 0) this.#pipe.write(forward)
  }

  end(): void {
    this.#meter.end()
    this.#ended = true
    this.#pipe.ended()
    if (this.#isAnswered) this.#complete()
    else
      this.#break({
        code: 'upstream_broken',
        target: this.#model,
        detail: 'the stream ended before the answer did',
      })
  }

  broken(failure: Failure): void {
    this.#meter.end()
    if (failure.code === 'client_left') this.#finish(failure)
    else if (this.#isAnswered) this.#complete()
    else this.#break(failure)
  }

  /** The answer was complete, even if the connection then broke before `[DONE]`. */
  #complete(): void {
    this.#flush()
    this.#trip.exchange.end()
    this.#ports.health.succeeded(this.#target)
    this.#finish(this.#trip.exchange.gone ? { code: 'client_left' } : undefined)
  }

  #break(failure: Failure): void {
    const { exchange, id } = this.#trip
    if (exchange.gone) {
      this.#finish({ code: 'client_left' })
      return
    }
    this.#flush()
    this.#pipe.breakOff(this.#meter, this.#ports.answerTo(failure).error)
    if (blamesTarget(failure)) this.#ports.health.failed(this.#target)
    this.#ports.log.warn({ request: id, target: this.#model, failure }, 'a stream broke off')
    this.#finish(failure)
  }

  /** Sends what the meter held back. A full buffer no longer matters: nothing follows but the end. */
  #flush(): void {
    const waiting = this.#meter.flush()
    if (waiting.length > 0 && !this.#trip.exchange.gone) this.#trip.exchange.write(waiting)
  }

  #finish(failure: Failure | undefined): void {
    const meter = this.#meter
    const { funded, reply } = this.#dispatched
    const report = believed(this.#ports, this.#trip, funded, meter.usage)
    // A report before the answer's end covers only what had been used by then.
    const isFinal = (meter.usageIsFinal || (this.#ended && meter.complete)) && !meter.outranUsage
    const usage = isFinal ? report : 'unreported'
    this.#resolve({
      ...endedBy(failure, reply.status),
      answeredModel: meter.model ?? null,
      ids: meter.ids,
      billed: {
        funded,
        usage,
        seen: usage === 'unreported' ? this.#seen(isFinal ? 'unreported' : report) : undefined,
      },
    })
  }

  /** Undefined if there may be more that nobody will see or could read. */
  #seen(floor: ReportedUsage): Seen | undefined {
    const { seen, complete, closed, hasUnread } = this.#meter
    const { reply } = this.#dispatched
    if (hasUnread || reply.isOpaque) return undefined
    // The stream broke off before the usage frame, so what it would have said is unknown. If instead the
    // upstream ended the stream itself, no usage was coming, with or without `[DONE]`.
    if (complete && !closed && !this.#ended && !this.#trip.exchange.gone) return undefined
    const words = () => seen.words()
    if (complete) return { words, floor, cut: undefined }
    return this.#pipe.isBehind
      ? undefined
      : { words, floor, cut: this.#pace.cut(this.#ports.clock.elapsed()) }
  }

  /** The upstream has said everything, and not that it failed. */
  get #isAnswered(): boolean {
    return this.#meter.complete && !this.#meter.failed
  }

  get #target() {
    return this.#dispatched.funded.quote.candidate.target
  }

  get #model(): string {
    return this.#target.model
  }
}
