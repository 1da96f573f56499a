/** One kind of request, as the load generator asks it and the upstream answers it. */
export interface Kind {
  readonly name: string
  /** Of the request's body, about. */
  readonly bytes: number
  /** Chunks of content of a stream; 0 for a JSON answer. */
  readonly chunks: number
  /** Until the upstream begins to answer, and between two chunks. */
  readonly delayMs: number
  readonly everyMs: number
}

/** What one contestant has to be told beside the request. */
export interface Door {
  readonly port: number
  readonly key: string
  /** So many keys, in turn: `key` and a number from 0 on. Absent: `key` itself. */
  readonly keys?: number
  /** Names and values, one a line, each ended by CRLF. */
  readonly headers: string
}

/**
 * One slice of load. `closed`: each connection asks again as soon as it is answered. `open`: so many requests a second are
 * due, whatever comes of those before. `crowd`: like `open`, beside so many streams that stay open.
 */
export interface Order {
  readonly how: 'closed' | 'open' | 'crowd'
  readonly door: Door
  readonly kind: Kind
  readonly connections: number
  readonly ms: number
  /** Requests a second; of `closed` nobody asks. */
  readonly rate: number
  /** Streams that stay open meanwhile. */
  readonly streams: number
}

/** What came of a slice. Every request that was begun has ended by then. */
export interface Load {
  readonly requests: number
  readonly errors: number
  /** The first wrong answer's first bytes. */
  readonly firstError: string | undefined
  readonly ms: number
  /** Milliseconds from when each request was due: to its first byte, and to its last. */
  readonly firstByteMs: readonly number[]
  readonly totalMs: readonly number[]
}
