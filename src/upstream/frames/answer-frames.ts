import type { ReportedUsage } from '../../base/usage.ts'

/** What the frames of a stream tell, whichever way an endpoint writes them. Fed one complete frame after the other. */
export interface AnswerFrames {
  /** The longest frame that is looked into, in bytes: of a longer one only its beginning is read. */
  readonly longestBytes: number
  /** Reads a frame as far as it matters. Answers whether it carries usage and nothing else. */
  read(frame: Buffer): boolean
  /** The stream has said all it had to say, or the upstream said so itself. */
  readonly complete: boolean
  /** The answer's last word has been said: what follows can only be about it. */
  readonly saidAll: boolean
  /** The stream has said itself that nothing more comes. */
  readonly closed: boolean
  /** An error frame went by: the upstream has told the client itself that it broke. */
  readonly failed: boolean
  /** The most that any report said. */
  readonly usage: ReportedUsage
  /** The last report came when all had been said: there was nothing left that it could have missed. */
  readonly usageIsFinal: boolean
  readonly model: string | undefined
  /** The ids by which the answer and what it left behind are known upstream, the answer's own first. */
  readonly ids: readonly string[]
}
