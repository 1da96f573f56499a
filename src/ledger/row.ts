import type { RequestId } from '../base/ids.ts'
import type { NanoUsd } from '../base/money.ts'
import type { PromptClass } from '../base/prompt-class.ts'
import type { UsageSource } from '../base/usage.ts'

/**
 * How a request ended. `broken`: the upstream broke off after its first byte. `client_left`: the client hung
 * up. `unsettled`: this process died with the hold open, so the row is booked at its upper bound.
 */
export const OUTCOMES = ['ok', 'refused', 'upstream_error', 'broken', 'client_left', 'unsettled'] as const
export type Outcome = (typeof OUTCOMES)[number]

/**
 * The part of a ledger row known before the request goes upstream. Times are milliseconds since the epoch.
 */
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
  /** Compact JSON: the rules that fired with their weights, the logits, and what the classifier read. */
  readonly evidence: string | null
  readonly rulesVersion: string | null
  readonly weightsVersion: string | null
  /** Hash of the conversation's first turns. */
  readonly conversation: string | null
  /** The first target to be tried; `Closing.target` names the one that answered. */
  readonly target: string | null
  readonly upstream: string | null
  /** The prompt, to the extent `capture.prompts` stores it. */
  readonly prompt: string | null
}

/** The part known once the request has ended. Durations are milliseconds. */
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
  /** Cost of the same tokens on the first model of `language_heavy`. */
  readonly baseline: NanoUsd | null
  readonly msToFirstByte: number | null
  readonly msTotal: number
  readonly msProxy: number
  /** `evidence` with whatever was added since the row was opened; absent if nothing was. */
  readonly fullerEvidence?: string
}

/** A whole row, as `trivium ledger` and `trivium export` read it back. */
export type Row = OpenRow & Closing & { readonly held: NanoUsd }
