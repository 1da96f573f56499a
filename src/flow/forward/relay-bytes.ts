import type { Failure } from '../../base/failure.ts'
import type { ReportedUsage } from '../../base/usage.ts'
import { ChatFrames } from '../../upstream/frames/chat-frames.ts'
import { MediaFrames } from '../../upstream/frames/media-frames.ts'
import { StreamMeter } from '../../upstream/frames/stream-meter.ts'
import type { Reader } from '../../upstream/upstream.ts'
import { type Cut, Pace } from '../conclude/pace.ts'
import { type Ending, endedBy, type Seen } from '../ending.ts'
import type { Ports } from '../ports.ts'
import { Pipe } from '../relay/pipe.ts'
import { headersFrom, headersOf, overlay } from '../relay/response-headers.ts'
import type { Trip } from '../trip.ts'
import { completionText } from './completion-text.ts'
import { priceForwarded } from './price.ts'
import type { Sent } from './send.ts'

/** Observes an answer as it passes. */
export interface Witness {
  take(chunk: Buffer): void
}

/** Bytes first: each chunk is on its way to the client in the turn it arrived, whatever it is. */
export async function relayBytes(ports: Ports, trip: Trip, sent: Sent, witness?: Witness): Promise<Ending> {
  const isEvents = sent.reply.headers['content-type']?.toLowerCase().startsWith('text/event-stream') === true
  const meter = isEvents ? meterFor(sent) : undefined
  const relay = new ByteRelay(ports, trip, sent, { meter, witness })
  const failure = await relay.run()
  const usage = usageIn(sent, meter, failure)
  const seen = relay.isBehind ? undefined : seenBy(sent, meter, relay.cut())
  return {
    ...endedBy(failure, sent.reply.status),
    answeredModel: meter?.model ?? null,
    billed: undefined,
    priced: await priceForwarded(ports, trip, sent, { usage, seen }),
  }
}

/**
 * Legacy completions mark their end; for other streams only the end of the connection does, and their words
 * are never counted.
 */
function meterFor({ operation, read }: Sent): StreamMeter {
  return operation.endpoint === 'completions'
    ? new StreamMeter(new ChatFrames(read?.answers ?? 1), { hideUsage: false, textOf: completionText })
    : new StreamMeter(new MediaFrames(), { hideUsage: false, textOf: () => '' })
}

/** Some upstreams report text usage as they write: before the end of the answer that is not the total. */
function usageIn(
  { operation }: Sent,
  meter: StreamMeter | undefined,
  failure: Failure | undefined,
): ReportedUsage {
  if (meter === undefined) return 'unreported'
  const isFinal =
    operation.endpoint !== 'completions' ||
    ((meter.usageIsFinal || failure === undefined) && !meter.outranUsage)
  return isFinal ? meter.usage : 'unreported'
}

/** Undefined if nobody could read what there was. */
function seenBy({ reply }: Sent, meter: StreamMeter | undefined, cut: Cut): Seen | undefined {
  if (meter === undefined || meter.hasUnread || reply.isOpaque) return undefined
  const words = () => meter.seen.words()
  return { words, floor: meter.usage, cut: meter.complete ? undefined : cut }
}

/** What looks at the bytes as they pass: the meter at the frames of a stream, the witness at any answer. */
interface Onlookers {
  readonly meter: StreamMeter | undefined
  readonly witness: Witness | undefined
}

class ByteRelay implements Reader {
  readonly #ports: Ports
  readonly #trip: Trip
  readonly #sent: Sent
  readonly #pipe: Pipe
  readonly #meter: StreamMeter | undefined
  readonly #witness: Witness | undefined
  readonly #pace = new Pace()
  #resolve: (failure: Failure | undefined) => void = () => {}

  constructor(ports: Ports, trip: Trip, sent: Sent, { meter, witness }: Onlookers) {
    this.#ports = ports
    this.#trip = trip
    this.#sent = sent
    this.#pipe = new Pipe(trip, sent)
    this.#meter = meter
    this.#witness = witness
  }

  /** There may be more than has been seen. */
  get isBehind(): boolean {
    return this.#pipe.isBehind
  }

  /** How far an answer had come that ends now, before its time. */
  cut(): Cut {
    return this.#pace.cut(this.#ports.clock.elapsed())
  }

  /** Resolves when the answer has ended, with the failure if it broke off. */
  run(): Promise<Failure | undefined> {
    const { reply } = this.#sent
    const headers = overlay(headersOf(this.#trip, undefined), headersFrom(this.#trip, reply))
    const length = reply.headers['content-length']
    // The length of a stream is not announced: it may get an extra frame from us.
    if (length !== undefined && this.#meter === undefined) headers.push('content-length', length)
    this.#pipe.open(headers)
    return new Promise((resolve) => {
      this.#resolve = resolve
      this.#pipe.read(this)
    })
  }

  /** The client has left. Unless its words must be counted, nothing more of the answer is of interest. */
  abort(): void {
    const { attempt, price } = this.#sent
    if (this.#meter === undefined || price === undefined) attempt.abort()
    else this.#pipe.hearOut(this.#meter)
  }

  data(chunk: Buffer): void {
    const meter = this.#meter
    if (meter !== undefined) {
      const before = meter.wordBytes
      meter.take(chunk, this.#pace.arrive(this.#ports.clock.elapsed()))
      this.#pace.note(meter.wordBytes - before)
    }
    this.#pipe.write(chunk)
    this.#witness?.take(chunk)
  }

  end(): void {
    const meter = this.#meter
    meter?.end()
    this.#pipe.ended()
    const isCut = this.#sent.operation.endpoint === 'completions' && meter !== undefined && !meter.complete
    if (isCut || meter?.failed === true) {
      const detail = meter?.failed
        ? 'an error came within the stream'
        : 'the stream ended before the answer did'
      this.#break({ code: 'upstream_broken', target: this.#sent.upstream, detail })
      return
    }
    this.#trip.exchange.end()
    this.#resolve(this.#trip.exchange.gone ? { code: 'client_left' } : undefined)
  }

  broken(failure: Failure): void {
    this.#meter?.end()
    if (failure.code === 'client_left') this.#resolve(failure)
    else this.#break(failure)
  }

  /** Never ends silently: a stream gets an error frame unless it had one, anything else is cut off. */
  #break(failure: Failure): void {
    const { exchange, id } = this.#trip
    if (exchange.gone) {
      this.#resolve({ code: 'client_left' })
      return
    }
    this.#ports.log.warn({ request: id, upstream: this.#sent.upstream, failure }, 'an answer broke off')
    if (this.#meter === undefined) exchange.destroy()
    else this.#pipe.breakOff(this.#meter, this.#ports.answerTo(failure).error)
    this.#resolve(failure)
  }
}
