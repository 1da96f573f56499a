import type { NanoUsd } from '../base/money.ts'
import type { ReportedUsage, UsageSource } from '../base/usage.ts'
import type { Outcome } from '../budget/row.ts'
import type { Words } from '../upstream/frames/seen-stream.ts'
import type { Funded } from './reserve.ts'

/** Everything an upstream sent of an answer whose usage it did not report. */
export interface Seen {
  words(): Words
  /** What it reported before the end: the answer used no less. */
  readonly floor: ReportedUsage
  /** Undefined where nothing more was to come. */
  readonly cut: Cut | undefined
}

/** How an answer that broke off, or that nobody waited for, was being written. */
export interface Cut {
  /** From its first byte to its last, in milliseconds. */
  readonly writingMs: number
  /** From its last byte to the moment it was given up. */
  readonly silentMs: number
}

/** The status of a request whose client closed it, as nginx has it. Never sent, only recorded. */
export const CLIENT_LEFT = 499

/** How a request ended, whatever way it took. Everything after this is the same for all of them. */
export interface Ending {
  readonly outcome: Outcome
  readonly status: number
  readonly errorCode: string | null
  readonly answeredModel: string | null
  /** The ids by which the answer and what it left behind are known upstream; absent where there is nothing. */
  readonly ids?: readonly string[]
  /** The attempt that answered, or was about to; undefined when nothing was billed for. */
  readonly billed:
    | { readonly funded: Funded; readonly usage: ReportedUsage; readonly seen: Seen | undefined }
    | undefined
  /** The price, where it is known by now: of what is forwarded as it is. */
  readonly priced?: Priced
}

/** An ending with its price. */
export interface Priced {
  readonly cost: NanoUsd
  readonly baseline: NanoUsd | null
  readonly usage: ReportedUsage
  readonly source: UsageSource
}
