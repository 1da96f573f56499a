import type { RequestId } from '../base/ids.ts'
import type { NanoUsd } from '../base/money.ts'
import type { PromptClass } from '../base/prompt-class.ts'
import type { UsageSource } from '../base/usage.ts'

/**
 * How a request ended. `broken`: the upstream broke off after its first byte. `client_left`: the client hung up.
 * `unsettled`: this process died with the hold open, so the row stands at its bound.
 */
export const OUTCOMES = ['ok', 'refused', 'upstream_error', 'broken', 'client_left', 'unsettled'] as const
export type Outcome = (typeof OUTCOMES)[number]

/** The part of a ledger row that is known before the request goes upstream. Times are milliseconds since the epoch. */
export interface OpenRow {
  readonly id: RequestId
  readonly at: number
  readonly team: string
  readonly key: string
  readonly endpoint: string
  readonly stream: boolean
  readonly requestedModel: string
  readonly class: PromptClass | null
  readonly confidence: number | null
  readonly cause: string | null
  /** Compact JSON: rules that fired with their weights, logits, and what was read. */
  readonly evidence: string | null
  readonly rulesVersion: string | null
  readonly weightsVersion: string | null
  /** Hash of the conversation's first turns. */
  readonly conversation: string | null
  /** The first target that will be tried; `Closing.target` says which one answered. */
  readonly target: string | null
  readonly upstream: string | null
  /** The prompt as far as `capture.prompts` keeps it. */
  readonly prompt: string | null
}

/** The part that is known when the request has ended. Durations are milliseconds. */
export interface Closing {
  readonly outcome: Outcome
  readonly status: number
  readonly errorCode: string | null
  readonly target: string | null
  readonly answeredModel: string | null
  readonly upstream: string | null
  readonly attempts: number
  readonly adapted: string | null
  readonly inputTokens: number | null
  readonly cachedTokens: number | null
  readonly outputTokens: number | null
  readonly reasoningTokens: number | null
  readonly usageSource: UsageSource
  readonly cost: NanoUsd
  /** The same tokens on the first model of `language_heavy`. */
  readonly baseline: NanoUsd | null
  readonly msToFirstByte: number | null
  readonly msTotal: number
  readonly msProxy: number
  /** `evidence` with what was added to it since the row was opened; absent: nothing was. */
  readonly fullerEvidence?: string
}

/** A whole row, as `trivium ledger` and `trivium export` read it back. */
export type Row = OpenRow & Closing & { readonly held: NanoUsd }
