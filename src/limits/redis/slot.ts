import { StoreUnavailable } from '../../redis/store-unavailable.ts'
import type { Full, RateState, Slot, Subject, TokenAsk } from '../limiter.ts'
import { later } from '../memory/counters.ts'
import { WINDOW_MS } from '../memory/sliding-window.ts'
import { type Answer, fullOf, tightest } from './answer.ts'
import type { Counted, Counts } from './counts.ts'
import type { Leases } from './leases.ts'
import type { LocalSlot } from './local-share.ts'
import type { StorePolicy } from './store-policy.ts'
import { keysOf } from './subject-keys.ts'

/** Shared by all slots of a limiter. */
export interface SlotServices {
  readonly counts: Counts
  readonly leases: Leases
  readonly policy: StorePolicy
}

/** An admitted request: a unique slot name, and those of its subjects that have limits. */
export interface AdmittedRequest {
  readonly name: string
  readonly subjects: readonly Subject[]
}

/** A request's place, both in Redis and in this replica's share. */
export class RedisSlot implements Slot {
  readonly #services: SlotServices
  readonly #name: string
  readonly #subjects: readonly Subject[]
  readonly #local: LocalSlot
  /** Where Redis counts the request; undefined if this replica admitted it alone. */
  readonly #requestBucket: number | undefined
  readonly #requests: RateState | undefined
  #tokens: RateState | undefined
  #counted: Counted
  /** A reply is pending that may change what Redis counts. */
  #taking = false
  /** The tokens Redis must count in the end, once known. */
  #final: number | undefined

  /** `figures` is Redis' reply, if it was Redis that admitted the request. */
  constructor(
    services: SlotServices,
    { name, subjects }: AdmittedRequest,
    local: LocalSlot,
    figures?: readonly number[],
  ) {
    this.#services = services
    this.#name = name
    this.#subjects = subjects
    this.#local = local
    this.#requestBucket = figures?.[1]
    this.#counted = { tokens: 0, bucket: this.#requestBucket ?? 0 }
    this.#requests = figures && tightest('requests', subjects, figures.slice(2), 4)
    this.#tokens = figures && tightest('tokens', subjects, figures.slice(4), 4)
    for (const key of this.#slotKeys()) services.leases.hold(key, name)
  }

  async takeTokens(ask: TokenAsk): Promise<number | Full> {
    if (this.#final !== undefined) return 0
    const limited = this.#subjects.filter(({ limits }) => limits.tokensPerMinute !== undefined)
    if (limited.length === 0) return ask.atMost
    const never = neverIn(limited, ask.atLeast)
    if (never !== undefined) return never
    this.#taking = true
    try {
      return await this.#take(limited, ask)
    } finally {
      this.#taking = false
      if (this.#isOver()) this.#correct()
    }
  }

  end(tokensUsed: number): void {
    if (this.#final !== undefined) return
    this.#local.end(tokensUsed)
    this.#leave(tokensUsed, undefined)
  }

  giveBack(): void {
    if (this.#final !== undefined) return
    this.#local.giveBack()
    this.#leave(0, this.#requestBucket)
  }

  state(kind: 'requests' | 'tokens'): RateState | undefined {
    const state = kind === 'requests' ? this.#requests : this.#tokens
    return state ?? this.#local.state(kind)
  }

  async #take(limited: readonly Subject[], ask: TokenAsk): Promise<number | Full> {
    let answer: Answer
    try {
      answer = await this.#services.counts.take(limited, ask, this.#counted, (late) => {
        if ('full' in late) return
        this.#count(late.figures)
        if (this.#isOver()) this.#correct()
      })
    } catch (error) {
      if (!(error instanceof StoreUnavailable)) throw error
      this.#services.policy.allow(['tokens'], limited, error)
      this.#tokens = undefined
      return this.#local.takeTokens(ask, 'replica')
    }
    if ('full' in answer) return answer.full
    const taken = this.#count(answer.figures)
    this.#tokens = tightest('tokens', limited, answer.figures.slice(3), 2)
    await this.#local.takeTokens({ atMost: taken, atLeast: 0 }, 'redis')
    return taken
  }

  /** Records what Redis now counts. */
  #count(figures: readonly number[]): number {
    const [, tokens = 0, bucket = 0] = figures
    this.#counted = { tokens, bucket }
    return tokens
  }

  #leave(tokens: number, requestBucket: number | undefined): void {
    this.#final = tokens
    for (const key of this.#slotKeys()) this.#services.leases.release(key, this.#name)
    const change = this.#taking ? 0 : tokens - this.#counted.tokens
    this.#services.counts.end(this.#name, this.#subjects, {
      change,
      bucket: this.#counted.bucket,
      requestBucket,
    })
  }

  /** Corrects the tokens of a request that ended while a reply was pending. */
  #correct(): void {
    const { tokens, bucket } = this.#counted
    const change = (this.#final ?? tokens) - tokens
    this.#counted = { tokens: tokens + change, bucket }
    if (change !== 0) this.#services.counts.end(this.#name, this.#subjects, { change, bucket })
  }

  #isOver(): boolean {
    return this.#final !== undefined
  }

  #slotKeys(): readonly string[] {
    const limited = this.#subjects.filter(({ limits }) => limits.concurrent !== undefined)
    return limited.map((subject) => keysOf(subject).slots)
  }
}

/** Why this many tokens can never be taken at once; undefined if they can. */
function neverIn(limited: readonly Subject[], tokens: number): Full | undefined {
  let never: Full | undefined
  for (const subject of limited) {
    if (tokens > (subject.limits.tokensPerMinute ?? tokens)) {
      never = later(never, fullOf('tokens', subject, tokens, WINDOW_MS))
    }
  }
  return never
}
