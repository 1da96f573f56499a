import type { RedisConnection, Reply } from '../../redis/connection.ts'
import type { Subject, TokenAsk } from '../limiter.ts'
import { type Answer, readAnswer } from './answer.ts'
import type { LimiterScripts } from './scripts.ts'
import { keysOf } from './subject-keys.ts'

/** Tokens that Redis counts for a request, and in which bucket. */
export interface Counted {
  readonly tokens: number
  readonly bucket: number
}

/** What to undo or correct when a request ends. */
export interface Leaving {
  /** Tokens to add to the bucket; negative to take away. */
  readonly change: number
  readonly bucket: number
  /** The bucket of a request to be uncounted. */
  readonly requestBucket?: number | undefined
}

/** The steps of a request as script calls. They throw `StoreUnavailable`. */
export class Counts {
  readonly #redis: RedisConnection
  readonly #scripts: LimiterScripts
  readonly #leaseMs: number

  constructor(redis: RedisConnection, scripts: LimiterScripts, leaseMs: number) {
    this.#redis = redis
    this.#scripts = scripts
    this.#leaseMs = leaseMs
  }

  async admit(slot: string, subjects: readonly Subject[], onLate: (answer: Answer) => void): Promise<Answer> {
    const keys = subjects.flatMap((subject) => {
      const { requests, tokens, slots } = keysOf(subject)
      return [requests, tokens, slots]
    })
    const limits = subjects.flatMap(({ limits }) => [
      limits.requestsPerMinute ?? '',
      limits.tokensPerMinute ?? '',
      limits.concurrent ?? '',
    ])
    const read = (reply: Reply) => readAnswer(reply, subjects, 1)
    const args = [slot, this.#leaseMs, ...limits]
    return read(await this.#redis.run(this.#scripts.admit, keys, args, (reply) => onLate(read(reply))))
  }

  /** All of these subjects must limit tokens. */
  async take(
    subjects: readonly Subject[],
    { atMost, atLeast }: TokenAsk,
    before: Counted,
    onLate: (answer: Answer) => void,
  ): Promise<Answer> {
    const keys = subjects.map((subject) => keysOf(subject).tokens)
    const limits = subjects.map(({ limits }) => limits.tokensPerMinute ?? 0)
    const read = (reply: Reply) => readAnswer(reply, subjects, atLeast)
    const args = [atMost, atLeast, before.tokens, before.bucket, ...limits]
    return read(await this.#redis.run(this.#scripts.take, keys, args, (reply) => onLate(read(reply))))
  }

  /** Frees a slot and corrects the windows. If Redis is unreachable, lease and window simply expire. */
  end(slot: string, subjects: readonly Subject[], { change, bucket, requestBucket }: Leaving): void {
    const corrected =
      change === 0 ? [] : subjects.filter(({ limits }) => limits.tokensPerMinute !== undefined)
    const freed = subjects.filter(({ limits }) => limits.concurrent !== undefined)
    const forgotten =
      requestBucket === undefined
        ? []
        : subjects.filter(({ limits }) => limits.requestsPerMinute !== undefined)
    const keys = [
      ...corrected.map((subject) => keysOf(subject).tokens),
      ...freed.map((subject) => keysOf(subject).slots),
      ...forgotten.map((subject) => keysOf(subject).requests),
    ]
    if (keys.length === 0) return
    const args = [slot, corrected.length, freed.length, bucket, change, requestBucket ?? 0]
    this.#redis.run(this.#scripts.end, keys, args).catch(() => {})
  }
}
