import type { Failure } from '../base/failure.ts'
import type { ReportedUsage } from '../base/usage.ts'
import { StreamMeter } from '../upstream/frames/stream-meter.ts'
import { endTornStream } from '../upstream/frames/torn-frame.ts'
import type { Reader } from '../upstream/upstream.ts'
import type { Dispatched } from './attempt.ts'
import { CLIENT_LEFT, type Cut, type Ending, type Seen } from './ending.ts'
import { hearOut } from './hear-out.ts'
import type { Ports } from './ports.ts'
import { believed } from './price.ts'
import { remember } from './remember.ts'
import { headersFrom, headersOf, overlay } from './response-headers.ts'
import type { Trip } from './trip.ts'

/** Bytes first: each chunk is on its way to the client in the turn it arrived. */
export function relayStream(ports: Ports, trip: Trip, dispatched: Dispatched): Promise<Ending> {
  return new StreamRelay(ports, trip, dispatched).run()
}

class StreamRelay implements Reader {
  readonly #ports: Ports
  readonly #trip: Trip
  readonly #dispatched: Dispatched
  readonly #meter: StreamMeter
  /** The client reads more slowly than the upstream writes, so there may be more than has been seen. */
  #behind = false
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
    this.#isUnnamed = dialect.endpoint === 'responses' || needs.isKept === true
    const hideUsage = !needs.usageAsked
    this.#meter = new StreamMeter(dialect.frames(needs), { hideUsage, textOf: dialect.answerText })
  }

  run(): Promise<Ending> {
    const { reply } = this.#dispatched
    const { exchange } = this.#trip
    exchange.open(reply.status, overlay(headersOf(this.#trip, undefined), headersFrom(this.#trip, reply)))
    return new Promise((resolve) => {
      this.#resolve = resolve
      this.#trip.inFlight = this
      this.#behind = exchange.gone
      reply.read(this)
      if (exchange.gone) this.abort()
    })
  }

  /** The client has left. */
  abort(): void {
    const { reply, attempt } = this.#dispatched
    reply.resume()
    this.#behind = true
    hearOut(this.#meter, (isAll) => {
      this.#behind = !isAll
      attempt.abort()
    })
  }

  data(chunk: Buffer): void {
    const { exchange } = this.#trip
    const { reply } = this.#dispatched
    const forward = this.#meter.take(chunk)
    if (this.#isUnnamed && this.#meter.ids.length > 0) {
      this.#isUnnamed = false
      remember(this.#ports, this.#trip, this.#meter.ids, undefined)
    }
    if (forward.length === 0 || exchange.gone || exchange.write(forward)) return
    this.#behind = true
    reply.pause()
    exchange.onDrain(() => {
      this.#behind = false
      reply.resume()
    })
  }

  end(): void {
    this.#meter.end()
    this.#ended = true
    this.#behind = false
    if (this.#meter.complete && !this.#meter.failed) this.#complete()
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
    else if (this.#meter.complete) this.#complete()
    else this.#break(failure)
  }

  /** The answer was complete, even if the connection then broke before `[DONE]`. */
  #complete(): void {
    this.#flush()
    this.#trip.exchange.end()
    this.#ports.health.succeeded(this.#target)
    this.#finish(this.#trip.exchange.gone ? { code: 'client_left' } : undefined)
  }

  /** Never ends silently: SDKs take that for success. An error the upstream has sent is not repeated. */
  #break(failure: Failure): void {
    const { exchange, id } = this.#trip
    const meter = this.#meter
    if (exchange.gone) {
      this.#finish({ code: 'client_left' })
      return
    }
    this.#flush()
    if (!meter.failed) exchange.write(endTornStream(meter.tornFrame, this.#ports.answerTo(failure).error))
    exchange.end()
    if (blamesTarget(failure)) this.#ports.health.failed(this.#target)
    this.#ports.log.warn({ request: id, target: this.#model, failure }, 'a stream broke off')
    this.#finish(failure)
  }

  #flush(): void {
    const waiting = this.#meter.flush()
    if (waiting.length > 0 && !this.#trip.exchange.gone) this.#trip.exchange.write(waiting)
  }

  #finish(failure: Failure | undefined): void {
    const meter = this.#meter
    const left = failure?.code === 'client_left'
    const { funded } = this.#dispatched
    const report = believed(this.#ports, this.#trip, funded, meter.usage)
    // A report before the answer's end covers only what had been used by then.
    const isFinal = (meter.usageIsFinal || (this.#ended && meter.complete)) && !meter.outranUsage
    const usage = isFinal ? report : 'unreported'
    this.#resolve({
      outcome: failure === undefined ? 'ok' : left ? 'client_left' : 'broken',
      status: left ? CLIENT_LEFT : this.#dispatched.reply.status,
      errorCode: failure?.code ?? null,
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
    if (hasUnread || this.#dispatched.reply.isOpaque) return undefined
    // The stream broke off before the usage frame, so what it would have said is unknown. If instead the
    // upstream ended the stream itself, no usage was coming, with or without `[DONE]`.
    if (complete && !closed && !this.#ended && !this.#trip.exchange.gone) return undefined
    if (complete) return { words: () => seen.words(), floor, cut: undefined }
    return this.#behind ? undefined : { words: () => seen.words(), floor, cut: this.#cut() }
  }

  #cut(): Cut {
    const now = this.#ports.clock.elapsed()
    const { lastByteAt = now } = this.#dispatched.reply
    return { writingMs: lastByteAt - (this.#trip.firstByteAt ?? lastByteAt), silentMs: now - lastByteAt }
  }

  get #target() {
    return this.#dispatched.funded.quote.candidate.target
  }

  get #model(): string {
    return this.#target.model
  }
}

/** Whether the target is at fault. Not for exceeding the total time: the reader may be slow. */
export function blamesTarget(failure: Failure): boolean {
  return failure.code !== 'client_left' && !(failure.code === 'upstream_timeout' && failure.phase === 'total')
}
