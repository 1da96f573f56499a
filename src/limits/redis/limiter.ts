import type { RedisConnection } from '../../redis/connection.ts'
import { StoreUnavailable } from '../../redis/store-unavailable.ts'
import { type Full, isFull, type Limiter, type LimiterHealth, type Slot, type Subject } from '../limiter.ts'
import type { Answer } from './answer.ts'
import { Counts } from './counts.ts'
import { Leases } from './leases.ts'
import { LocalShare } from './local-share.ts'
import { limiterScripts } from './scripts.ts'
import { type AdmittedRequest, RedisSlot, type SlotServices } from './slot.ts'
import { type StoreFailurePolicies, StorePolicy } from './store-policy.ts'

/** What the limiter of several replicas is made of. */
export interface RedisLimiterOptions {
  /** Closed by whoever opened it, after the limiter. */
  readonly redis: RedisConnection
  /** In memory: counts what this replica admits, and decides within its share while Redis is down. */
  readonly local: Limiter
  readonly onStoreFailure: StoreFailurePolicies
  /** Milliseconds after which a dead replica's slots are free. */
  readonly leaseMs?: number
  /** A Lua expression for the time in milliseconds, instead of Redis' clock. */
  readonly now?: string
}

const LEASE_MS = 15_000

/**
 * A limiter shared by any number of replicas. Each step is one atomic script over all subjects, on the clock
 * of Redis. Windows are exact to a tenth of a second, as in memory. Slots are leases.
 */
export function createRedisLimiter(options: RedisLimiterOptions): Limiter {
  return new RedisLimiter(options)
}

class RedisLimiter implements Limiter {
  readonly #redis: RedisConnection
  readonly #services: SlotServices
  readonly #share: LocalShare

  constructor({ redis, local, onStoreFailure, leaseMs = LEASE_MS, now }: RedisLimiterOptions) {
    const scripts = limiterScripts(now)
    const leases = new Leases(redis, scripts, leaseMs)
    this.#redis = redis
    this.#services = {
      leases,
      counts: new Counts(redis, scripts, leaseMs),
      policy: new StorePolicy(onStoreFailure),
    }
    this.#share = new LocalShare(local, () => leases.replicas)
  }

  async admit(subjects: readonly Subject[]): Promise<Slot | Full> {
    const limited = subjects.filter(isLimited)
    if (limited.length === 0) return UNLIMITED
    const request: AdmittedRequest = { name: this.#services.leases.name(), subjects: limited }
    let answer: Answer
    let admittedHere = false
    try {
      answer = await this.#services.counts.admit(request.name, limited, (late) => {
        if (!admittedHere) this.#forget(request, late)
      })
    } catch (error) {
      if (!(error instanceof StoreUnavailable)) throw error
      this.#services.policy.allow(['requests', 'concurrent'], limited, error)
      const local = await this.#share.admit(limited, 'replica')
      if (isFull(local)) return local
      admittedHere = true
      return new RedisSlot(this.#services, request, local)
    }
    if ('full' in answer) return answer.full
    const local = await this.#share.admit(limited, 'redis')
    return isFull(local) ? local : new RedisSlot(this.#services, request, local, answer.figures)
  }

  health(): LimiterHealth {
    const health = this.#redis.health()
    return health.ok
      ? health
      : this.#services.policy.healthWithout(health.why, this.#services.leases.replicas)
  }

  async close(): Promise<void> {
    this.#services.leases.close()
    await this.#share.close()
  }

  /** Undoes a request that Redis admitted only after it had been refused for lack of a timely reply. */
  #forget({ name, subjects }: AdmittedRequest, late: Answer): void {
    if ('figures' in late)
      this.#services.counts.end(name, subjects, { change: 0, bucket: 0, requestBucket: late.figures[1] })
  }
}

function isLimited({ limits }: Subject): boolean {
  const { requestsPerMinute, tokensPerMinute, concurrent } = limits
  return requestsPerMinute !== undefined || tokensPerMinute !== undefined || concurrent !== undefined
}

/** The place of a request without limits. */
const UNLIMITED: Slot = {
  takeTokens: async ({ atMost }) => atMost,
  end() {},
  giveBack() {},
  state: () => undefined,
}
