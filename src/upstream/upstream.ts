import type { Failure } from '../base/failure.ts'

/** Bytes produced as they are read, never buffered whole. */
export type ByteStream = AsyncIterable<Buffer>

/** One request to one upstream. The body is sent byte for byte. */
export interface Call {
  readonly method: string
  /** Relative to the upstream's base URL, with its query: `/chat/completions`. */
  readonly path: string
  /** The client's forwardable headers; the upstream adds its key and content length. */
  readonly headers: Readonly<Record<string, string>>
  readonly body: Buffer | ByteStream | null
  /** The body's `model`, empty if it names none; Azure needs it for the path. */
  readonly model: string
  /** The client's own key, sent instead of the configured one under `auth: passthrough`. */
  readonly bearer: string | undefined
}

/** Receives an answer's body: chunks as they arrive, then exactly one of `end` and `broken`. */
export interface Reader {
  data(chunk: Buffer): void
  end(): void
  broken(failure: Failure): void
}

/** An answer whose first body byte (or whose end) has arrived. */
export interface Reply {
  readonly status: number
  /** Names in lower case. Repeated headers are joined with a comma. */
  readonly headers: Readonly<Record<string, string>>
  /** `Clock.elapsed()` of the latest byte, or of the end of a pause. */
  readonly lastByteAt: number | undefined
  /** Some bytes could not be decompressed, so nobody knows what they said. */
  readonly isOpaque: boolean
  /** Some bytes have arrived compressed and have not been delivered yet. */
  readonly isUnpacking: boolean
  /** The first chunk, if it has arrived and not been read; otherwise undefined. */
  readonly beginning: Buffer | undefined
  /** An error's body with the configured key redacted, in case the upstream quotes a key it does not know. */
  unquoted(body: Buffer): Buffer
  /** Delivers what has arrived and everything that follows. Call once. */
  read(reader: Reader): void
  pause(): void
  resume(): void
}

/** One call in progress. */
export interface Attempt {
  /**
   * Rejects with a `Refusal` (`upstream_unreachable`, `upstream_timeout`, `upstream_broken`,
   * `out_of_sockets`, `client_left`).
   */
  readonly reply: Promise<Reply>
  /** Aborts: the connection is torn down at once and nothing more is delivered. Harmless after the end. */
  abort(): void
  /**
   * Whether the upstream may have seen the request: once its bytes were handed to a connection, an attempt
   * that fails without a status may have been billed.
   */
  readonly sent: boolean
}

/** An endpoint that speaks OpenAI's API. One call is one attempt: retries and fallbacks are decided above. */
export interface Upstream {
  readonly name: string
  start(call: Call): Attempt
  /** Lets calls in flight finish, and starts no others. */
  close(): Promise<void>
  /** Breaks off calls in flight. */
  destroy(): Promise<void>
}
