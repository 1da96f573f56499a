import type { IncomingHttpHeaders } from 'node:http'
import type { Ending } from './player.ts'
import type { TokenCount } from './usage.ts'

/** One request the simulator got, and what became of it. Times are milliseconds of the clock's `elapsed`. */
export interface RecordedCall {
  readonly index: number
  readonly method: string
  readonly path: string
  readonly headers: IncomingHttpHeaders
  readonly body: Buffer
  /** The body as JSON; undefined where it is none. */
  readonly parsed: unknown
  readonly startedAt: number
  readonly status: number | undefined
  /** When the last step was done, whoever ended it. */
  readonly endedAt: number | undefined
  /** When the client was seen to have left before the end. */
  readonly abortedAt: number | undefined
  readonly ending: Ending | undefined
  /** What the whole answer counts; undefined for errors. */
  readonly usage: TokenCount | undefined
  /** What was billed for it so far; final once `ending` is there. */
  readonly billedNanoUsd: number
}

/** The simulator's own side of a call. */
export type OpenCall = { -readonly [K in keyof RecordedCall]: RecordedCall[K] }
