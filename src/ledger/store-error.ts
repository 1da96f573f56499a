/**
 * A store cannot be opened, read or written. What the ports of every store reject with when the store is at
 * fault. The message is one line: the store (a file, or an address without its password) and the problem.
 */
export class StoreError extends Error {
  override readonly name = 'StoreError'
  /** The message without the store, for callers that know it under another name. */
  readonly problem: string

  constructor(store: string, problem: string, cause?: unknown) {
    super(`${store}: ${problem}`, cause === undefined ? undefined : { cause })
    this.problem = problem
  }
}
