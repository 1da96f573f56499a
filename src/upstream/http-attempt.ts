import { Readable, type Transform } from 'node:stream'
import type { Dispatcher } from 'undici'
import type { Clock } from '../base/clock.ts'
import { type Failure, Refusal, type UpstreamPhase } from '../base/failure.ts'
import type { Deadlines, Watched } from './deadline.ts'
import type { UpstreamSettings } from './settings.ts'
import { transportFailure } from './transport-failure.ts'
import { isPacked, unpackerFor } from './unpacker.ts'
import type { Attempt, ByteStream, Call, Reader, Reply } from './upstream.ts'
import { joined, type RepeatedHeaders } from './wire-headers.ts'

/** Anything shorter is a placeholder, as given to servers without keys, not a secret. */
const LEAST_SECRET = 16

const GONE: Failure = { code: 'client_left' }

/** One call on the wire: undici's callbacks on one side, the port's `Attempt` and `Reply` on the other. */
export class HttpAttempt implements Dispatcher.DispatchHandler, Attempt, Reply, Watched {
  readonly startedAt: number
  askedAt: number
  lastByteAt: number | undefined
  isOpaque = false
  paused = false
  seat = -1
  sent = false
  status = 0
  headers: Readonly<Record<string, string>> = {}
  readonly reply: Promise<Reply>

  readonly #settings: UpstreamSettings
  readonly #target: string
  readonly #deadlines: Deadlines
  readonly #clock: Clock
  #controller: Dispatcher.DispatchController | undefined
  #resolve: (reply: Reply) => void = () => {}
  #reject: (refusal: Refusal) => void = () => {}
  #reader: Reader | undefined
  #early: Buffer[] = []
  #unpacker: Transform | undefined
  #outcome: Failure | 'ended' | undefined
  #abortedBecause: Failure | undefined

  constructor(settings: UpstreamSettings, deadlines: Deadlines, clock: Clock, model: string) {
    this.#settings = settings
    this.#target = `${settings.name}/${model}`
    this.#deadlines = deadlines
    this.#clock = clock
    this.startedAt = clock.elapsed()
    this.askedAt = this.startedAt
    this.reply = new Promise((resolve, reject) => {
      this.#resolve = resolve
      this.#reject = reject
    })
  }

  get beginning(): Buffer | undefined {
    return this.#early[0]
  }

  get isUnpacking(): boolean {
    const unpacker = this.#unpacker
    return unpacker !== undefined && unpacker.writableLength + unpacker.readableLength > 0
  }

  unquoted(body: Buffer): Buffer {
    const { apiKey } = this.#settings
    if (apiKey === undefined || apiKey.length < LEAST_SECRET || !body.includes(apiKey)) return body
    return Buffer.from(body.toString('latin1').replaceAll(apiKey, '[key]'), 'latin1')
  }

  /** The body in a form undici accepts. */
  outgoing(body: Call['body']): Buffer | Readable | null {
    return body === null || Buffer.isBuffer(body)
      ? body
      : Readable.from(this.#streamed(body), { objectMode: false })
  }

  abort(): void {
    this.#giveUp(GONE)
  }

  expire(phase: UpstreamPhase, afterMs: number): void {
    this.#giveUp({ code: 'upstream_timeout', target: this.#target, phase, afterMs })
  }

  read(reader: Reader): void {
    this.#reader = reader
    const early = this.#early
    this.#early = []
    for (const chunk of early) reader.data(chunk)
    this.#finish()
  }

  pause(): void {
    if (this.paused) return
    this.paused = true
    this.#controller?.pause()
    this.#unpacker?.pause()
  }

  resume(): void {
    if (!this.paused) return
    this.paused = false
    this.lastByteAt = this.#clock.elapsed()
    this.#controller?.resume()
    this.#unpacker?.resume()
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller
    if (this.#abortedBecause !== undefined) controller.abort(new Error(this.#abortedBecause.code))
    else this.sent = true
  }

  onResponseStart(
    _controller: Dispatcher.DispatchController,
    status: number,
    headers: RepeatedHeaders,
  ): void {
    this.status = status
    this.headers = joined(headers)
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    const first = this.lastByteAt === undefined
    this.lastByteAt = this.#clock.elapsed()
    if (first) this.#unpack()
    if (this.#unpacker === undefined) this.#deliver(chunk)
    else this.#unpacker.write(chunk)
    if (first) this.#resolve(this)
  }

  /** The total limit still applies: once unpacked, an answer may take its reader longer than it took to arrive. */
  onResponseEnd(): void {
    if (this.#unpacker === undefined) this.#complete()
    else this.#unpacker.end()
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    this.#end(
      this.#abortedBecause ??
        transportFailure(error, this.#target, this.sent, this.#settings.timeouts.connect),
      error,
    )
  }

  /** We never ask for compression, as answers must be readable to be metered. Some compress anyway. */
  #unpack(): void {
    const { 'content-encoding': encoding, 'content-length': _, ...headers } = this.headers
    const unpacker = unpackerFor(encoding)
    this.isOpaque = unpacker === undefined && isPacked(encoding)
    if (unpacker === undefined) return
    this.headers = headers
    this.#unpacker = unpacker
      .on('data', (chunk: Buffer) => this.#deliver(chunk))
      .once('end', () => this.#complete())
      .once('error', () => {
        this.isOpaque = true
        const detail = 'it is not what its content-encoding says'
        this.#giveUp({ code: 'upstream_broken', target: this.#target, detail })
      })
  }

  #deliver(chunk: Buffer): void {
    if (this.#reader !== undefined) this.#reader.data(chunk)
    else this.#early.push(chunk)
  }

  #complete(): void {
    this.#deadlines.forget(this)
    this.#outcome ??= 'ended'
    this.#resolve(this)
    this.#finish()
  }

  /** Streams a body as its client sends it; aborts if the client does not finish. */
  async *#streamed(body: ByteStream): AsyncGenerator<Buffer> {
    try {
      for await (const chunk of body) {
        this.askedAt = this.#clock.elapsed()
        yield chunk
      }
    } catch (thrown) {
      this.#giveUp(thrown instanceof Refusal ? thrown.failure : GONE)
      throw thrown
    }
  }

  #giveUp(because: Failure): void {
    if (this.#outcome !== undefined) return
    this.#abortedBecause = because
    this.#controller?.abort(new Error(because.code))
    this.#end(because)
  }

  #end(failure: Failure, cause?: unknown): void {
    this.#deadlines.forget(this)
    if (this.#outcome !== undefined) return
    this.#outcome = failure
    this.#unpacker?.destroy()
    if (this.lastByteAt === undefined) this.#reject(new Refusal(failure, cause))
    else this.#finish()
  }

  #finish(): void {
    const outcome = this.#outcome
    const reader = this.#reader
    if (outcome === undefined || reader === undefined) return
    this.#reader = undefined
    if (outcome === 'ended') reader.end()
    else reader.broken(outcome)
  }
}
