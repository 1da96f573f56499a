import type { PromptClass } from '../base/prompt-class.ts'
import type { Thresholds } from '../classifier/rule.ts'
import type { ReplayReport } from '../tuning/replay/replay.ts'
import type { ShadowReport } from '../tuning/shadow-report.ts'
import type { Made } from './candidate.ts'
import type { Decided } from './decision.ts'
import type { Promotion } from './promotion.ts'
import type { CheckedRules } from './rule-check.ts'
import type { KeyWish, MadeKey, Renewal, Renewed } from './team-keys.ts'
import type { CompiledRules, WrittenRules } from './written-rules.ts'

/** The workshop's jobs, with request and result. Everything here can be sent between threads. */
export interface Jobs {
  check: {
    readonly asked: { readonly rules: string; readonly weightsFile: string }
    readonly done: CheckedRules
  }
  compile: { readonly asked: WrittenRules; readonly done: CompiledRules }
  candidate: {
    readonly asked: {
      readonly rules: string
      readonly basedOn: string | null
      readonly thresholds?: Thresholds | undefined
      readonly by: string
      readonly note: string
    }
    readonly done: Made
  }
  promote: {
    readonly asked: { readonly version: string; readonly margin: number; readonly by: string }
    readonly done: Promotion
  }
  shadow: {
    readonly asked: { readonly version: string | null; readonly by: string }
    readonly done: Decided
  }
  shadowReport: {
    readonly asked: Pick<ReplayWish, 'since' | 'until' | 'team'>
    readonly done: readonly ShadowReport[]
  }
  rollback: { readonly asked: { readonly by: string; readonly why: string }; readonly done: Decided }
  createKey: { readonly asked: KeyWish; readonly done: MadeKey }
  /** Undefined if there is no such key. */
  rotateKey: { readonly asked: Renewal; readonly done: Renewed | undefined }
  revokeKey: { readonly asked: { readonly team: string; readonly id: string }; readonly done: boolean }
  replay: { readonly asked: ReplayWish; readonly done: ReplayReport }
}
export type Kind = keyof Jobs

/** Which recorded requests to decide again, and with what; by default with what is in force. */
export interface ReplayWish {
  readonly rules?: string | undefined
  readonly version?: string | undefined
  readonly abstainBelow?: number | undefined
  readonly abstainTo?: PromptClass | undefined
  /** Milliseconds since the epoch. */
  readonly since: number
  readonly until?: number | undefined
  readonly team?: string | undefined
}

/** Where the workshop finds everything. */
export interface Workplace {
  /** Path of the configuration file. */
  readonly config: string
  readonly env: Readonly<Record<string, string | undefined>>
}

/** Why an edit failed: the file or its folder is not writable. */
export const READ_ONLY = 'ReadOnlyFile'
/** Why a job failed: the store could not be opened, read or written. */
export const STORE_FAILED = 'StoreFailed'

/** A job on its way to the thread. */
export type Order = {
  readonly [K in Kind]: { readonly job: number; readonly kind: K; readonly asked: Jobs[K]['asked'] }
}[Kind]

/** Replies: progress, and finally one of the other two. */
export type Reply<K extends Kind> =
  | { readonly job: number; readonly progress: number }
  | { readonly job: number; readonly done: Jobs[K]['done'] }
  | { readonly job: number; readonly failed: { readonly name: string; readonly message: string } }
