/** The store gave no answer in time, or cannot be reached. Whoever asked may decide without it. */
export class StoreUnavailable extends Error {
  override readonly name = 'StoreUnavailable'
  /** What was asked for may have been done all the same: it was sent, and no answer came. */
  readonly mayBeDone: boolean

  constructor(message: string, { mayBeDone = false, cause }: { mayBeDone?: boolean; cause?: unknown } = {}) {
    super(message, cause === undefined ? undefined : { cause })
    this.mayBeDone = mayBeDone
  }
}
