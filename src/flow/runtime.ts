import type { PromptClass } from '../base/prompt-class.ts'
import type { Target } from '../base/target.ts'
import type { Budget } from '../budget/ledger.ts'
import type { Redaction } from '../capture/redaction.ts'
import type { Explainer } from '../classifier/explanation.ts'
import type { Recorder } from '../classifier/recording/recording.ts'
import type { Classifier } from '../classifier/verdict.ts'
import type { PriceBook } from '../pricing/price-book.ts'
import type { Key } from './team.ts'

/**
 * The configuration as the request path uses it: compiled once, immutable, swapped whole on reload. A request reads
 * it once at its start and keeps that one to its end.
 */
export interface Runtime {
  /** `passthrough`: the client's own key goes upstream and every request belongs to team `default`. */
  readonly auth: 'keys' | 'passthrough'
  /** The key whose SHA-256 this is (64 lower-case hex digits); undefined for an unknown one. */
  keyOf(sha256: string): Key | undefined
  /** Every budget of every team and key. */
  readonly budgets: readonly Budget[]
  /** Who a client is under `auth: passthrough`. */
  readonly passthroughKey: Key
  readonly classifier: Classifier & Recorder & Explainer
  /** Judges what was asked as well, once it is answered, and decides nothing. */
  readonly shadow: Classifier | undefined
  /** Candidates of each class, the preferred one first. */
  readonly routes: Readonly<Record<PromptClass, readonly Target[]>>
  /** Every configured model by name. */
  readonly targets: ReadonlyMap<string, Target>
  /** Where a request goes that names no configured model: the configuration's first upstream. */
  readonly firstUpstream: string
  /** The places that serve this target's model, in the order in which a request with this key asks them. */
  placesOf(target: Target, key: string): readonly Target[]
  readonly prices: PriceBook
  /** Attempts beyond the first on one target of this upstream, before the first byte. */
  retriesOf(upstream: string): number
  /** The longest a whole request to this upstream may take, in milliseconds. */
  totalTimeoutOf(upstream: string): number
  /** Takes secrets out of whatever is kept of prompts. */
  readonly redact: Redaction
}
