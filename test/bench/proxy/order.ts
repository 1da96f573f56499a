/** One kind of request, as the load generator sends it and the upstream answers it. */
export interface Kind {
  readonly name: string
  /** Approximate size of the request body. */
  readonly bytes: number
  /** Content chunks of a stream; 0 for a JSON response. */
  readonly chunks: number
  /** Delay before the upstream starts to answer, and between chunks. */
  readonly delayMs: number
  readonly everyMs: number
}

/** What a request needs to know about the contestant. */
export interface Door {
  readonly port: number
  readonly key: string
  /** Number of keys used in rotation: `key` followed by a number from 0. Absent: `key` itself. */
  readonly keys?: number
  /** Header lines, each ended by CRLF. */
  readonly headers: string
}

/**
 * One slice of load. `closed`: each connection sends its next request as soon as it is answered. `open`:
 * `rate` requests a second are due, whatever happens to earlier ones. `crowd`: like `open`, with `streams`
 * streams staying open.
 */
export interface Order {
  readonly how: 'closed' | 'open' | 'crowd'
  readonly door: Door
  readonly kind: Kind
  readonly connections: number
  readonly ms: number
  /** Requests per second; unused for `closed`. */
  readonly rate: number
  /** Streams that stay open meanwhile. */
  readonly streams: number
}

/** The result of a slice. All requests have ended by then. */
export interface Load {
  readonly requests: number
  readonly errors: number
  /** The beginning of the first wrong response. */
  readonly firstError: string | undefined
  readonly ms: number
  /** Milliseconds from the time each request was due to its first and last byte. */
  readonly firstByteMs: readonly number[]
  readonly totalMs: readonly number[]
}
