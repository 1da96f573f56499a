import type { Slot, Subject, TokenAsk } from '../limiter.ts'
import { type Full, isFull, type Limiter, type Limits, type RateState } from '../limiter.ts'
import { fullOf } from './answer.ts'

/** Who decides: Redis, while this replica only counts along; or this replica, within its share. */
export type Decider = 'redis' | 'replica'

/**
 * What this replica has admitted. While Redis is down the replica admits its share of each limit, and
 * everything it admitted before counts towards that share.
 */
export class LocalShare {
  readonly #limiter: Limiter
  readonly #replicas: () => number

  constructor(limiter: Limiter, replicas: () => number) {
    this.#limiter = limiter
    this.#replicas = replicas
  }

  async admit(subjects: readonly Subject[], decider: Decider): Promise<LocalSlot | Full> {
    const shares = subjects.map((subject) => new Share(subject, this.#replicas, decider))
    const slot = await this.#limiter.admit(shares)
    return isFull(slot) ? wholly(slot, subjects, 1) : new LocalSlot(slot, shares)
  }

  close(): Promise<void> {
    return this.#limiter.close()
  }
}

/** A request's place in its replica's share. */
export class LocalSlot {
  readonly #slot: Slot
  readonly #shares: readonly Share[]

  constructor(slot: Slot, shares: readonly Share[]) {
    this.#slot = slot
    this.#shares = shares
  }

  async takeTokens(ask: TokenAsk, decider: Decider): Promise<number | Full> {
    for (const share of this.#shares) share.decider = decider
    const taken = await this.#slot.takeTokens(ask)
    return typeof taken === 'number'
      ? taken
      : wholly(
          taken,
          this.#shares.map(({ whole }) => whole),
          ask.atLeast,
        )
  }

  end(tokensUsed: number): void {
    this.#slot.end(tokensUsed)
  }

  giveBack(): void {
    this.#slot.giveBack()
  }

  state(kind: 'requests' | 'tokens'): RateState | undefined {
    return this.#slot.state(kind)
  }
}

/** A subject without limits while Redis decides, and with this replica's share of them otherwise. */
class Share implements Subject {
  readonly id: string
  readonly whole: Subject
  decider: Decider
  readonly #replicas: () => number

  constructor(whole: Subject, replicas: () => number, decider: Decider) {
    this.id = whole.id
    this.whole = whole
    this.decider = decider
    this.#replicas = replicas
  }

  get limits(): Limits {
    const { requestsPerMinute, tokensPerMinute, concurrent } = this.whole.limits
    return {
      ...(requestsPerMinute !== undefined && { requestsPerMinute: this.#part(requestsPerMinute) }),
      ...(tokensPerMinute !== undefined && { tokensPerMinute: this.#part(tokensPerMinute) }),
      ...(concurrent !== undefined && { concurrent: this.#part(concurrent) }),
    }
  }

  #part(limit: number): number {
    return this.decider === 'redis' ? Number.POSITIVE_INFINITY : Math.floor(limit / this.#replicas())
  }
}

/** Restates a full share in terms of the whole limit: what exceeds the share may fit once Redis is back. */
function wholly(full: Full, subjects: readonly Subject[], amount: number): Full {
  const whole = subjects.find(({ id }) => id === full.subject)
  return whole === undefined ? full : fullOf(full.full, whole, amount, full.retryAfterMs)
}
