import type { ByteStream } from '../upstream/upstream.ts'

/** The client's side of a request: what came in, and the one way to answer. */
export interface Exchange {
  readonly method: string
  /** As it was sent, escapes and all, but without the query and without what stands before the API's own path. */
  readonly path: string
  /** As it was sent, with its question mark; empty where there is none. */
  readonly query: string
  /** The deployment an Azure-style path names: the model where the body names none. */
  readonly deployment: string | undefined
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>
  readonly body: Buffer
  /** When the request arrived, `Clock.elapsed()` milliseconds. */
  readonly arrivedAt: number
  /** The client has hung up before its answer was complete. */
  readonly gone: boolean
  /** Calls `listener` once when the client hangs up before its answer is complete; at once if it already has. */
  onGone(listener: () => void): void
  /** A whole answer. `headers` is a flat list of names and values. */
  answer(status: number, headers: readonly string[], body: Buffer | string): void
  /** Starts an answer of unknown length. */
  open(status: number, headers: readonly string[]): void
  /** Writes to an opened answer. False when the client reads more slowly than it is written to. */
  write(chunk: Buffer | string): boolean
  /** Calls `listener` once when a slow client has caught up. */
  onDrain(listener: () => void): void
  /** Ends an opened answer. */
  end(): void
  /** Cuts the connection: for a body that cannot be completed and has no other way to say so. */
  destroy(): void
}

/** A body as it was sent, and what it says once its compression is undone. */
export interface ReadBody {
  readonly sent: Buffer
  readonly plain: Buffer
}

/** A body that its client still has. One of `read` and `stream` is called, once. */
export interface Upload {
  /** Bytes by the client's word; 0 where there is no body, undefined where it does not say. */
  readonly length: number | undefined
  /** By its client's word it is too large to be read. */
  readonly exceedsMemory: boolean
  /** Rejects with `body_too_large`, packed or not, `invalid_json` where it cannot be unpacked, `client_left`. */
  read(): Promise<ReadBody>
  /** Bytes as they arrive. Throws `body_too_large`: at once by the client's word, else in the middle of what is too much. */
  stream(): ByteStream
}

/** One header, where it came once; the first of several. */
export function headerOf(headers: Exchange['headers'], name: string): string | undefined {
  const value = headers[name]
  return typeof value === 'object' ? value[0] : value
}
