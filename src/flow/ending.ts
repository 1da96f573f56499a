import type { Failure } from '../base/failure.ts'
import type { NanoUsd } from '../base/money.ts'
import type { ReportedUsage, UsageSource } from '../base/usage.ts'
import type { Outcome } from '../ledger/row.ts'
import type { Words } from '../upstream/frames/seen-stream.ts'
import type { Cut } from './conclude/pace.ts'
import type { Funded } from './reserve.ts'

/** Everything received of an answer whose usage the upstream did not report. */
export interface Seen {
  words(): Words
  /** Usage it reported before the end: a lower bound for the answer. */
  readonly floor: ReportedUsage
  /** Undefined when the answer is complete. */
  readonly cut: Cut | undefined
}

/** Status of a request its client closed, as in nginx. Never sent, only recorded. */
const CLIENT_LEFT = 499

/** How a request ended, by whichever path. Everything after this is the same for all of them. */
export interface Ending {
  readonly outcome: Outcome
  readonly status: number
  readonly errorCode: string | null
  readonly answeredModel: string | null
  /** The ids under which the upstream knows the answer and the state it left; absent if there is none. */
  readonly ids?: readonly string[]
  /** The attempt that answered, or was about to; undefined if nothing was billed. */
  readonly billed:
    | { readonly funded: Funded; readonly usage: ReportedUsage; readonly seen: Seen | undefined }
    | undefined
  /** The price, if already known: for forwarded requests. */
  readonly priced?: Priced
}

/** An ending with its price. */
export interface Priced {
  readonly cost: NanoUsd
  readonly baseline: NanoUsd | null
  readonly usage: ReportedUsage
  readonly source: UsageSource
}

/** How an answer ended that had begun with `status`; without a failure it is complete. */
export function endedBy(
  failure: Failure | undefined,
  status: number,
): Pick<Ending, 'outcome' | 'status' | 'errorCode'> {
  if (failure === undefined) return { outcome: 'ok', status, errorCode: null }
  const { code } = failure
  if (code === 'client_left') return { outcome: 'client_left', status: CLIENT_LEFT, errorCode: code }
  return { outcome: 'broken', status, errorCode: code }
}
