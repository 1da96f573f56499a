import type { NanoUsd } from '../base/money.ts'
import type { ReportedUsage, UsageSource } from '../base/usage.ts'
import type { Outcome } from '../budget/row.ts'
import type { Funded } from './reserve.ts'

/** What an upstream sent without reporting its usage. */
export interface Seen {
  /** The first bytes of the event stream or all of the JSON body, and how many there were in all. */
  readonly sample: readonly Buffer[]
  readonly totalBytes: number
  /** Nothing more was to come. */
  readonly complete: boolean
}

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
