/** The client's side of a request: what came in, and the one way to answer. */
export interface Exchange {
  readonly method: string
  /** Without query and without a leading `/v1`. */
  readonly path: string
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

/** One header, where it came once; the first of several. */
export function headerOf(headers: Exchange['headers'], name: string): string | undefined {
  const value = headers[name]
  return typeof value === 'object' ? value[0] : value
}
