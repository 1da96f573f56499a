import { randomBytes } from 'node:crypto'
import type { RedisConnection } from '../../redis/connection.ts'
import type { LimiterScripts } from './scripts.ts'
import { REPLICAS_KEY } from './subject-keys.ts'

/** Slots renewed per call: a running script blocks all of Redis. */
const MOST_A_CALL = 200

/**
 * The slots of this replica's requests in flight, each leased from Redis and renewed three times per lease.
 * If the replica dies, its slots are free after one lease; slots that Redis lost are restored by the next
 * renewal.
 */
export class Leases {
  readonly leaseMs: number
  readonly #redis: RedisConnection
  readonly #scripts: LimiterScripts
  readonly #replica = randomBytes(6).toString('base64url')
  readonly #slots = new Map<string, Set<string>>()
  readonly #timer: NodeJS.Timeout
  #count = 0
  #closed = false
  #replicas = 1

  constructor(redis: RedisConnection, scripts: LimiterScripts, leaseMs: number) {
    this.leaseMs = leaseMs
    this.#redis = redis
    this.#scripts = scripts
    this.#timer = setInterval(() => this.#beat(), leaseMs / 3)
    this.#timer.unref()
    redis.onReady(() => this.#beat())
    this.#beat()
  }

  /** Replicas that sent a heartbeat within the last lease, as Redis last reported. */
  get replicas(): number {
    return this.#replicas
  }

  /** A slot name, unique across all replicas. */
  name(): string {
    this.#count += 1
    return `${this.#replica}.${this.#count.toString(36)}`
  }

  hold(key: string, slot: string): void {
    const slots = this.#slots.get(key)
    if (slots === undefined) this.#slots.set(key, new Set([slot]))
    else slots.add(slot)
  }

  release(key: string, slot: string): void {
    const slots = this.#slots.get(key)
    slots?.delete(slot)
    if (slots?.size === 0) this.#slots.delete(key)
  }

  close(): void {
    this.#closed = true
    clearInterval(this.#timer)
    this.#slots.clear()
    this.#redis.command('ZREM', [REPLICAS_KEY, this.#replica]).catch(() => {})
  }

  /** A failed renewal is repeated by the next beat, or as soon as the connection is back. */
  #beat(): void {
    if (this.#closed) return
    const { beat, renew } = this.#scripts
    this.#redis
      .run(beat, [REPLICAS_KEY], [this.leaseMs, this.#replica])
      .then((replicas) => {
        this.#replicas = Math.max(1, Number(replicas))
      })
      .catch(() => {})
    for (const [key, slots] of this.#slots) {
      const names = [...slots]
      for (let from = 0; from < names.length; from += MOST_A_CALL) {
        const some = names.slice(from, from + MOST_A_CALL)
        this.#redis.run(renew, [key], [this.leaseMs, ...some]).catch(() => {})
      }
    }
  }
}
