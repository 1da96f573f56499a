import type { ReportedUsage } from '../../base/usage.ts'

/** What the frames of a stream reveal, for any endpoint. Fed one complete frame at a time. */
export interface AnswerFrames {
  /** The longest frame that is inspected, in bytes; of a longer one only the beginning is read. */
  readonly longestBytes: number
  /** Reads a frame as far as needed. Returns whether it carries usage and nothing else. */
  read(frame: Buffer): boolean
  /** The stream has said everything, or the upstream said so itself. */
  readonly complete: boolean
  /** The answer's last word has been sent: anything that follows is metadata. */
  readonly saidAll: boolean
  /** The stream itself said that nothing more follows. */
  readonly closed: boolean
  /** The upstream sent an error frame, so the client already knows that it broke. */
  readonly failed: boolean
  /** The highest usage reported so far. */
  readonly usage: ReportedUsage
  /** The last report came after the answer's end, so nothing is missing from it. */
  readonly usageIsFinal: boolean
  readonly model: string | undefined
  /** The ids under which the upstream knows the answer and the state it left, the answer's own first. */
  readonly ids: readonly string[]
}
