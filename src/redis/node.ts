import { isIP } from 'node:net'
import { Redis } from 'iovalkey'
import type { RedisAddress } from './address.ts'
import { Batch, type Line } from './batch.ts'
import { type Call, keysUnder } from './call.ts'
import type { RedisConnection, Reply, StoreHealth } from './connection.ts'
import { inTime } from './in-time.ts'
import { introduce, type Part } from './introduction.ts'
import { Misaddressed } from './misaddressed.ts'
import { CLOSED, isCut } from './outcome.ts'
import type { Script } from './script.ts'
import { ServerClock } from './server-clock.ts'
import { StoreUnavailable } from './store-unavailable.ts'

/** How patient a connection is. */
export interface ConnectOptions {
  /**
   * Milliseconds of silence from Redis after which calls are given up. At 40, a decision stays below 50.
   * Behind many other calls a call waits as long as Redis keeps answering them, up to ten times as long.
   */
  readonly deadlineMs?: number
  /** Milliseconds of silence after which the connection is replaced. */
  readonly silenceMs?: number
}

export const DEADLINE_MS = 40
const SILENCE_MS = 2_000
const CONNECT_TIMEOUT_MS = 1_000
/** Below a second even with the random quarter added: the longest it takes to notice that Redis is back. */
const MOST_BACKOFF_MS = 750
/**
 * When a Redis accepts connections but does not identify itself or tell its time, a new connection is tried
 * after this.
 */
const ASK_AGAIN_MS = 250
/** How long a key that is not ours is reported after it was last met. */
const FOREIGN_TOLD_MS = 60_000
/** How long to wait for the other side to close before we do. */
const PART_WITHIN_MS = 500

/** A connection to one server. Starts connecting when constructed. */
export class RedisNode implements RedisConnection {
  readonly address: RedisAddress
  readonly #part: Part
  readonly #redis: Redis
  readonly #deadlineMs: number
  readonly #silenceMs: number
  readonly #clock: ServerClock
  readonly #listeners: (() => void)[] = []
  readonly #open = new Set<Batch>()
  readonly #line: Line
  #heardAt = 0
  #gathering: Batch | undefined
  /** Why no call can be made. */
  #why: string | undefined = 'not connected yet'
  /** Set when retrying cannot help. */
  #misaddressed: Misaddressed | undefined
  /** Why the last calls failed although Redis answered; the next may succeed. */
  #ailment: string | undefined
  /** Met until this time, by `performance.now()`. */
  #foreign: { readonly under: string; readonly until: number } | undefined

  constructor(address: RedisAddress, part: Part, options: ConnectOptions) {
    this.address = address
    this.#part = part
    this.#deadlineMs = options.deadlineMs ?? DEADLINE_MS
    this.#silenceMs = options.silenceMs ?? SILENCE_MS
    const redis = driverFor(address, this.#silenceMs)
    this.#redis = redis
    this.#clock = new ServerClock(() => inTime(redis.time(), this.#silenceMs))
    this.#line = { redis, clock: this.#clock, loaded: new Set(), heardAt: () => this.#heardAt }
    redis.on('ready', () => void this.#ready())
    redis.on('error', (error) => {
      if (isCut(error)) this.#why ??= CLOSED
      else this.#why = error.message === '' ? 'cannot connect' : error.message
    })
    redis.on('close', () => {
      this.#why ??= CLOSED
    })
  }

  run(
    script: Script,
    keys: readonly string[],
    args: readonly (string | number)[],
    onLate?: (reply: Reply) => void,
  ): Promise<Reply> {
    return this.send({ script, keys, args, onLate })
  }

  command(name: string, args: readonly (string | number)[]): Promise<Reply> {
    return this.send({ name, args })
  }

  send(call: Call): Promise<Reply> {
    if (this.#why !== undefined) return Promise.reject(new StoreUnavailable(`redis: ${this.#why}`))
    if (this.#gathering === undefined || this.#gathering.isFull) this.#gathering = this.#gather()
    return this.#gathering.add(call)
  }

  health(): StoreHealth {
    const why = this.#why ?? this.#ailment
    if (why === undefined) return this.#served()
    return { ok: false, why, ...(this.#misaddressed !== undefined && { misaddressed: this.#misaddressed }) }
  }

  #served(): StoreHealth {
    if (this.#foreign === undefined || this.#foreign.until < performance.now()) return { ok: true }
    const warning = `a key under ${this.#foreign.under} is not Trivium's (WRONGTYPE): what needs it is refused`
    return { ok: true, warning }
  }

  onReady(listener: () => void): void {
    this.#listeners.push(listener)
  }

  async close(): Promise<void> {
    for (const batch of this.#open) batch.send()
    await Promise.allSettled([...this.#open].map((batch) => batch.ended))
    this.#why = 'closed'
    this.#clock.stop()
    this.#redis.disconnect()
  }

  #gather(): Batch {
    const batch = new Batch(this.#line, this.#deadlineMs, {
      sent: () => {
        if (this.#gathering === batch) this.#gathering = undefined
      },
      silent: () => {
        this.#why ??= `no answer within ${this.#deadlineMs} ms`
      },
      over: (answered, ailment) => {
        this.#open.delete(batch)
        this.#ailment = ailment
        if (answered) this.#heardAt = performance.now()
        if (answered && this.#redis.status === 'ready') this.#why = undefined
      },
      foreignKey: (call) => {
        this.#foreign = { under: keysUnder(call), until: performance.now() + FOREIGN_TOLD_MS }
      },
    })
    this.#open.add(batch)
    setImmediate(() => batch.send())
    return batch
  }

  /**
   * Nothing is sent before Redis' time is known, because every call carries a time by which it must run. A
   * connection that fails here is replaced. Only that connection is affected, and time limits apply
   * throughout.
   */
  async #ready(): Promise<void> {
    const { stream } = this.#redis
    this.#misaddressed = undefined
    try {
      await inTime(introduce(this.#redis, this.address, this.#part), this.#silenceMs)
      await this.#clock.start()
    } catch (error) {
      if (this.#redis.stream !== stream) return
      this.#why = error instanceof Error && !isCut(error) ? error.message : CLOSED
      if (error instanceof Misaddressed) this.#misaddressed = error
      else setTimeout(() => stream.destroy(), ASK_AGAIN_MS).unref()
      return
    }
    if (stream.destroyed) return
    this.#line.loaded.clear()
    this.#why = undefined
    for (const listener of this.#listeners) listener()
  }
}

/**
 * The driver, with all automatic queueing and retrying turned off. `maxRetriesPerRequest: 0` makes commands
 * in flight fail when their connection ends; with any other setting the driver drops them silently.
 */
function driverFor({ host, port, tls, username, password }: RedisAddress, silenceMs: number): Redis {
  return new Redis({
    host,
    port,
    ...(username !== '' && { username }),
    ...(password !== '' && { password }),
    // SNI, for servers that share an address.
    ...(tls && { tls: isIP(host) === 0 ? { servername: host } : {} }),
    enableOfflineQueue: false,
    autoResendUnfulfilledCommands: false,
    maxRetriesPerRequest: 0,
    connectTimeout: CONNECT_TIMEOUT_MS,
    disconnectTimeout: PART_WITHIN_MS,
    socketTimeout: silenceMs,
    connectionName: 'trivium',
    // The server has become a replica; the host name leads to the new primary.
    reconnectOnError: ({ message }) => message.startsWith('READONLY'),
    retryStrategy: (attempt) =>
      Math.min(25 * 2 ** Math.min(attempt, 10), MOST_BACKOFF_MS) * (0.75 + Math.random() / 2),
  })
}
