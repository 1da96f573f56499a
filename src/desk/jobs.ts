import type { PromptClass } from '../base/prompt-class.ts'
import type { Thresholds } from '../classifier/rule.ts'
import type { ReplayReport } from '../tuning/replay/replay.ts'
import type { ShadowReport } from '../tuning/shadow-report.ts'
import type { Made } from './candidate.ts'
import type { Decided } from './decision.ts'
import type { KeyWish, MadeKey, Renewal, Renewed } from './key-desk.ts'
import type { Promotion } from './promotion.ts'
import type { CheckedRules } from './rule-check.ts'
import type { CompiledRules, WrittenRules } from './written-rules.ts'

/** What is asked of the workshop, and what comes of it. All of it can be sent from thread to thread. */
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
  /** Undefined: there is no such key. */
  rotateKey: { readonly asked: Renewal; readonly done: Renewed | undefined }
  revokeKey: { readonly asked: { readonly team: string; readonly id: string }; readonly done: boolean }
  replay: { readonly asked: ReplayWish; readonly done: ReplayReport }
}
export type Kind = keyof Jobs

/** What recorded requests are decided again by, and which; absent rules and version: what is in force. */
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

/** Why an edit failed: nobody may write to the file, or where it lies. */
export const READ_ONLY = 'ReadOnlyFile'

/** A job on its way to the thread. */
export type Order = {
  readonly [K in Kind]: { readonly job: number; readonly kind: K; readonly asked: Jobs[K]['asked'] }
}[Kind]

/** What comes back: progress, and at the end one of the other two. */
export type Reply<K extends Kind> =
  | { readonly job: number; readonly progress: number }
  | { readonly job: number; readonly done: Jobs[K]['done'] }
  | { readonly job: number; readonly failed: { readonly name: string; readonly message: string } }
