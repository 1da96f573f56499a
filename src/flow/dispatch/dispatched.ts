import type { Reply, Attempt as UpstreamAttempt } from '../../upstream/upstream.ts'
import type { UpstreamError } from '../relay/error.ts'
import type { Funded, Reserved } from '../reserve.ts'

/** An upstream has begun to answer; no other is asked any more. */
export interface Dispatched extends Reserved {
  readonly funded: Funded
  readonly reply: Reply
  readonly attempt: UpstreamAttempt
  /** An error answer. Its body had to be read to know that it is final. */
  readonly error: UpstreamError | undefined
  /** The body of a success that had to be read to make sure it is not an error. */
  readonly wholeBody: Buffer | undefined
}
