import type { PromptClass } from '../base/prompt-class.ts'
import type { Target } from '../base/target.ts'
import type { Budget } from '../budget/budget.ts'
import type { Redaction } from '../capture/redaction.ts'
import type { Explainer } from '../classifier/explanation.ts'
import type { Recorder } from '../classifier/recording/recording.ts'
import type { Classifier } from '../classifier/verdict.ts'
import type { PriceBook } from '../pricing/price-book.ts'
import type { Key } from './team.ts'

/**
 * The configuration as the request path uses it: compiled once, immutable, replaced whole on reload. A
 * request reads it once at its start and keeps it to its end.
 */
export interface Runtime {
  /** `passthrough`: the client's own key goes upstream and every request belongs to team `default`. */
  readonly auth: 'keys' | 'passthrough'
  /** Finds a key by its SHA-256 (64 lower-case hex digits); undefined if unknown. */
  keyOf(sha256: string): Key | undefined
  /** Every budget of every team and key. */
  readonly budgets: readonly Budget[]
  /** The key of every client under `auth: passthrough`. */
  readonly passthroughKey: Key
  readonly classifier: Classifier & Recorder & Explainer
  /** Also classifies each request, after it is answered, and decides nothing. */
  readonly shadow: Classifier | undefined
  /** Candidates of each class, most preferred first. */
  readonly routes: Readonly<Record<PromptClass, readonly Target[]>>
  /** Every configured model by name. */
  readonly targets: ReadonlyMap<string, Target>
  /** Where a request that names no configured model goes: the first upstream in the configuration. */
  readonly firstUpstream: string
  /** The places that serve this target's model, in the order a request with this key asks them. */
  placesOf(target: Target, key: string): readonly Target[]
  readonly prices: PriceBook
  /** Retries per target of this upstream, before the first byte. */
  retriesOf(upstream: string): number
  /** The longest a request to this upstream may take in total, in milliseconds. */
  totalTimeoutOf(upstream: string): number
  /** Removes secrets from whatever is kept of prompts. */
  readonly redact: Redaction
}
