import type { ByteStream } from '../upstream/upstream.ts'

/** The client's side of a request: what came in, and the one way to answer. */
export interface Exchange {
  readonly method: string
  /** As sent, escapes included, without the query and any prefix before the API's own path. */
  readonly path: string
  /** As sent, including the question mark; empty if there is none. */
  readonly query: string
  /** The deployment named in an Azure-style path: the model, if the body names none. */
  readonly deployment: string | undefined
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>
  readonly body: Buffer
  /** When the request arrived, on `Clock.elapsed()`, in milliseconds. */
  readonly arrivedAt: number
  /** Whether the client hung up before its answer was complete. */
  readonly gone: boolean
  /** Calls `listener` once when the client hangs up before its answer is complete; at once if it already has. */
  onGone(listener: () => void): void
  /** Sends a whole answer. `headers` is a flat list of names and values. */
  answer(status: number, headers: readonly string[], body: Buffer | string): void
  /** Starts an answer of unknown length. */
  open(status: number, headers: readonly string[]): void
  /** Writes to an open answer. False when the client reads more slowly than we write. */
  write(chunk: Buffer | string): boolean
  /** Calls `listener` once when a slow client has caught up. */
  onDrain(listener: () => void): void
  /** Ends an open answer. */
  end(): void
  /** Cuts the connection, for a body that can be neither completed nor ended with an error. */
  destroy(): void
}

/** A body as sent, and decompressed. */
export interface ReadBody {
  readonly sent: Buffer
  readonly plain: Buffer
}

/** A request body not yet received. Call one of `read` and `stream`, once. */
export interface Upload {
  /** The declared length in bytes; 0 without a body, undefined if the client does not declare it. */
  readonly length: number | undefined
  /** Whether the declared length is too large to buffer. */
  readonly exceedsMemory: boolean
  /** Rejects with `body_too_large` (even compressed), `client_left`, or `invalid_json` if corrupt. */
  read(): Promise<ReadBody>
  /** Bytes as they arrive. Throws `body_too_large`, at once if the declared length exceeds the limit. */
  stream(): ByteStream
}

/** The value of a header; the first if it is repeated. */
export function headerOf(headers: Exchange['headers'], name: string): string | undefined {
  const value = headers[name]
  return typeof value === 'object' ? value[0] : value
}
