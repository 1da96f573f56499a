import { isIP } from 'node:net'
import { Redis } from 'iovalkey'
import type { RedisAddress } from './address.ts'
import { Batch, type Line } from './batch.ts'
import type { Call } from './call.ts'
import type { RedisConnection, Reply, StoreHealth } from './connection.ts'
import { inTime } from './in-time.ts'
import { introduce, type Part } from './introduction.ts'
import { Misaddressed } from './misaddressed.ts'
import { CLOSED, isCut } from './outcome.ts'
import type { Script } from './script.ts'
import { ServerClock } from './server-clock.ts'
import { StoreUnavailable } from './store-unavailable.ts'

export interface ConnectOptions {
  /**
   * Milliseconds of Redis' silence after which calls are given up: with 40, a decision takes no 50. Behind many others a
   * call waits its turn as long as Redis answers them, for ten times as long at the most.
   */
  readonly deadlineMs?: number
  /** Milliseconds of it after which the connection is made anew. */
  readonly silenceMs?: number
}

export const DEADLINE_MS = 40
const SILENCE_MS = 2_000
const CONNECT_TIMEOUT_MS = 1_000
/** With a quarter more at random it is less than a second: so long after Redis is back, at the most, somebody looks. */
const MOST_BACKOFF_MS = 750
/** A Redis that is there, but does not say what and when it is, is asked again after this, on another connection. */
const ASK_AGAIN_MS = 250
/** What is not closed by the other side within this is closed by ours. */
const PART_WITHIN_MS = 500

/** A connection to one server. It begins to connect when it is made. */
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
  /** Set where trying again would not help. */
  #misaddressed: Misaddressed | undefined
  /** Why the last calls were not served, though Redis answered: the next may be. */
  #ailment: string | undefined

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
    if (why === undefined) return { ok: true }
    return { ok: false, why, ...(this.#misaddressed !== undefined && { misaddressed: this.#misaddressed }) }
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
    })
    this.#open.add(batch)
    setImmediate(() => batch.send())
    return batch
  }

  /**
   * Nothing is sent before Redis' time is known: no call could say until when it is worth doing. A connection that fails here
   * is given up for another; all that a first word hangs on is that connection, and silence.
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
 * The driver, with everything turned off that would wait or try again unasked. No retries for a request mean that what is
 * under way fails when its connection ends: with any other word the driver forgets it, and nobody is ever told.
 */
function driverFor({ host, port, tls, username, password }: RedisAddress, silenceMs: number): Redis {
  return new Redis({
    host,
    port,
    ...(username !== '' && { username }),
    ...(password !== '' && { password }),
    // Servers that share an address tell each other apart by the name that is asked for.
    ...(tls && { tls: isIP(host) === 0 ? { servername: host } : {} }),
    enableOfflineQueue: false,
    autoResendUnfulfilledCommands: false,
    maxRetriesPerRequest: 0,
    connectTimeout: CONNECT_TIMEOUT_MS,
    disconnectTimeout: PART_WITHIN_MS,
    socketTimeout: silenceMs,
    connectionName: 'trivium',
    // What we are connected to has become somebody's copy: the name leads to the new original.
    reconnectOnError: ({ message }) => message.startsWith('READONLY'),
    retryStrategy: (attempt) =>
      Math.min(25 * 2 ** Math.min(attempt, 10), MOST_BACKOFF_MS) * (0.75 + Math.random() / 2),
  })
}
