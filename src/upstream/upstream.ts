import type { Failure } from '../base/failure.ts'

/** Bytes that come as they are read; nobody holds them all. */
export type ByteStream = AsyncIterable<Buffer>

/** One request to one upstream. The body goes out as these bytes. */
export interface Call {
  readonly method: string
  /** Below the upstream's base URL, with its query: `/chat/completions`. */
  readonly path: string
  /** The client's headers that may be forwarded; the upstream adds its key and content length. */
  readonly headers: Readonly<Record<string, string>>
  readonly body: Buffer | ByteStream | null
  /** What the body's `model` says, empty where it says none; Azure's path carries it. */
  readonly model: string
  /** The client's own key, sent instead of the configured one under `auth: passthrough`. */
  readonly bearer: string | undefined
}

/** Gets an answer's body: chunks as they arrive, then exactly one of `end` and `broken`. */
export interface Reader {
  data(chunk: Buffer): void
  end(): void
  broken(failure: Failure): void
}

/** An answer whose first body byte (or whose end) has arrived. */
export interface Reply {
  readonly status: number
  /** Names in lower case. A repeated header is joined with a comma. */
  readonly headers: Readonly<Record<string, string>>
  /** `Clock.elapsed()` of the newest byte, or of the end of a pause. */
  readonly lastByteAt: number | undefined
  /** Bytes came whose compression could not be undone: nobody knows what they said. */
  readonly isOpaque: boolean
  /** What has arrived before anybody reads: the first chunk. Undefined where nothing has, or where it is being read. */
  readonly beginning: Buffer | undefined
  /** An error as it came, without the configured key, should it quote that: some places tell whom they do not know. */
  unquoted(body: Buffer): Buffer
  /** Hands over what has arrived and all that follows. Called once. */
  read(reader: Reader): void
  pause(): void
  resume(): void
}

export interface Attempt {
  /** Rejects with a `Refusal` (`upstream_unreachable`, `upstream_timeout`, `upstream_broken`, `client_left`). */
  readonly reply: Promise<Reply>
  /** Gives up: the connection is torn down at once and nothing more is delivered. Harmless after the end. */
  abort(): void
  /**
   * Whether the upstream may have seen the request: once its bytes were handed to a connection, an attempt that
   * fails without a status may have been billed.
   */
  readonly sent: boolean
}

/** A place that speaks OpenAI's API. One call is one attempt: retries and fallbacks are decided above. */
export interface Upstream {
  readonly name: string
  start(call: Call): Attempt
  close(): Promise<void>
}
