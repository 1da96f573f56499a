import { fail, type LimitKind } from '../../base/failure.ts'
import type { StoreUnavailable } from '../../redis/store-unavailable.ts'
import type { LimiterHealth, StoreFailurePolicy, Subject } from '../limiter.ts'
import { limitOf } from './answer.ts'

export type StoreFailurePolicies = Readonly<Record<LimitKind, StoreFailurePolicy>>

const KINDS = ['requests', 'tokens', 'concurrent'] as const

/** The configured behaviour while Redis is down. */
export class StorePolicy {
  readonly #policies: StoreFailurePolicies

  constructor(policies: StoreFailurePolicies) {
    this.#policies = policies
  }

  /** Returns if this replica's share may decide instead; otherwise throws `store_unavailable`. */
  allow(kinds: readonly LimitKind[], subjects: readonly Subject[], away: StoreUnavailable): void {
    const refused = kinds.some(
      (kind) =>
        this.#policies[kind] === 'refuse' && subjects.some((subject) => limitOf(kind, subject) !== undefined),
    )
    if (refused) fail({ code: 'store_unavailable', detail: away.message }, away)
  }

  /** For `/readyz`, in words. */
  healthWithout(why: string, replicas: number): LimiterHealth {
    const effects = KINDS.map((kind) =>
      this.#policies[kind] === 'refuse' ? `${kind} refused` : `${kind} within 1/${replicas} of the limit`,
    )
    const admits = KINDS.every((kind) => this.#policies[kind] === 'allow_within_local_share')
    return { ok: false, why: `redis: ${why}; meanwhile ${effects.join(', ')}`, admits }
  }
}
