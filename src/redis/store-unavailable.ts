/** The store did not answer in time or cannot be reached. The caller may decide without it. */
export class StoreUnavailable extends Error {
  override readonly name = 'StoreUnavailable'
  /** The operation may have been executed anyway: it was sent, but no reply came. */
  readonly mayBeDone: boolean

  constructor(message: string, { mayBeDone = false, cause }: { mayBeDone?: boolean; cause?: unknown } = {}) {
    super(message, cause === undefined ? undefined : { cause })
    this.mayBeDone = mayBeDone
  }
}
