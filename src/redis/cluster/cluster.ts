import { authorityOf, type RedisAddress } from '../address.ts'
import type { Call } from '../call.ts'
import { keyOf } from '../command-key.ts'
import type { RedisConnection, Reply, StoreHealth } from '../connection.ts'
import { type ConnectOptions, DEADLINE_MS, RedisNode } from '../node.ts'
import type { Script } from '../script.ts'
import { StoreUnavailable } from '../store-unavailable.ts'
import { readLayout } from './layout.ts'
import { Owners } from './owners.ts'
import { redirectionIn } from './redirection.ts'
import { slotOf } from './slot.ts'

type Arguments = readonly (string | number)[]

/**
 * Interval between queries of the slot layout while something is wrong. This is how a replaced node is
 * noticed.
 */
const POLL_MS = 500
/** Listeners wait at most this many queries for the slowest node. */
const PATIENT_LOOKS = 2
/**
 * A call is redirected at most this often: to the slot's new owner, and from there to the node it is
 * migrating to.
 */
const MOST_HOPS = 3

/**
 * The nodes of a cluster, each with its own connection, deadline and batches. A call goes to the node that
 * owns its key's slot; redirections are followed within the call's original deadline.
 */
export class RedisCluster implements RedisConnection {
  readonly #seeds: readonly RedisAddress[]
  readonly #options: ConnectOptions
  readonly #deadlineMs: number
  readonly #nodes = new Map<string, RedisNode>()
  readonly #listeners: (() => void)[] = []
  readonly #timer: NodeJS.Timeout
  #owners: Owners | undefined
  #looking: Promise<void> | undefined
  #looks = 0
  #announced = false
  /**
   * A node has connected that the listeners do not know of yet; the cluster as a whole may only be ready
   * later.
   */
  #isUnannounced = false
  #closed = false

  constructor(seeds: readonly RedisAddress[], options: ConnectOptions) {
    this.#seeds = seeds
    this.#options = options
    this.#deadlineMs = options.deadlineMs ?? DEADLINE_MS
    for (const seed of seeds) this.#nodeAt(seed)
    this.#timer = setInterval(() => this.#tick(), POLL_MS)
    this.#timer.unref()
  }

  run(
    script: Script,
    keys: readonly string[],
    args: Arguments,
    onLate?: (reply: Reply) => void,
  ): Promise<Reply> {
    return this.#send(slotOf(keys[0] ?? ''), { script, keys, args, onLate })
  }

  command(name: string, args: Arguments): Promise<Reply> {
    return this.#send(slotOf(keyOf(name, args)), { name, args })
  }

  health(): StoreHealth {
    if (this.#owners === undefined) {
      const [sick] = [...this.#nodes.values()].map((node) => node.health()).filter(({ ok }) => !ok)
      return sick ?? { ok: false, why: 'the cluster has not been looked at yet' }
    }
    return this.#owners.health(({ authority }) => this.#nodes.get(authority)?.health())
  }

  onReady(listener: () => void): void {
    this.#listeners.push(listener)
  }

  async close(): Promise<void> {
    this.#closed = true
    clearInterval(this.#timer)
    await this.#looking
    await Promise.all([...this.#nodes.values()].map((node) => node.close()))
  }

  #send(slot: number, call: Call): Promise<Reply> {
    const owner = this.#owners?.at(slot)
    const node = owner && this.#nodes.get(owner.authority)
    if (node === undefined) return Promise.reject(new StoreUnavailable(`redis: no node has slot ${slot}`))
    const sentAt = performance.now()
    return node.send(call).catch((error: unknown) => this.#sendOn(error, call, node, sentAt))
  }

  /** Follows redirections; any other error is rethrown unchanged. */
  async #sendOn(error: unknown, call: Call, from: RedisNode, sentAt: number): Promise<Reply> {
    let problem = error
    let asked = from
    for (let hops = 0; hops < MOST_HOPS; hops += 1) {
      const redirection = redirectionIn(problem)
      if (redirection === undefined) throw problem
      const { asking, slot, port } = redirection
      const node = this.#nodeAt({ host: redirection.host || asked.address.host, port })
      if (!asking) {
        this.#owners?.move(slot, node.address)
        void this.#look()
      }
      try {
        return await this.#inTime(sentAt, call, node.send(asking ? { ...call, asking } : call))
      } catch (next) {
        problem = next
        asked = node
      }
    }
    throw new StoreUnavailable('redis: the cluster sends a call from node to node', { cause: problem })
  }

  /** A redirected call keeps its original deadline; a reply after it is late, as for any other call. */
  #inTime(sentAt: number, call: Call, answer: Promise<Reply>): Promise<Reply> {
    return new Promise((resolve, reject) => {
      let expired = false
      const expire = () => {
        expired = true
        reject(new StoreUnavailable(`redis: no answer within ${this.#deadlineMs} ms`, { mayBeDone: true }))
      }
      const timer = setTimeout(expire, Math.max(0, sentAt + this.#deadlineMs - performance.now()))
      const answered = (reply: Reply) => {
        clearTimeout(timer)
        if (expired && 'script' in call) call.onLate?.(reply)
        resolve(reply)
      }
      answer.then(answered, (error: unknown) => {
        clearTimeout(timer)
        reject(error)
      })
    })
  }

  /**
   * The connection to a server, created on demand. All nodes share the seeds' user, password and TLS setting.
   */
  #nodeAt(at: Pick<RedisAddress, 'host' | 'port'>): RedisNode {
    const authority = authorityOf(at)
    const known = this.#nodes.get(authority)
    if (known !== undefined) return known
    const [seed] = this.#seeds
    if (seed === undefined) throw new TypeError('a cluster needs at least one address')
    const node = new RedisNode({ ...seed, host: at.host, port: at.port }, 'cluster node', this.#options)
    this.#nodes.set(authority, node)
    node.onReady(() => {
      this.#isUnannounced = true
      void this.#look().then(() => this.#announce())
    })
    return node
  }

  #tick(): void {
    const health = this.health()
    if (health.ok && health.warning === undefined && !this.#isUnannounced) return
    this.#looks += 1
    void this.#look().then(() => this.#announce())
  }

  /** Notifies the listeners; the first time only when every node is connected or has had its time. */
  #announce(): void {
    const health = this.health()
    if (this.#closed || !health.ok || !this.#isUnannounced) return
    if (!this.#announced && health.warning !== undefined && this.#looks < PATIENT_LOOKS) return
    this.#announced = true
    this.#isUnannounced = false
    for (const listener of this.#listeners) listener()
  }

  /** Queries the slot layout from any node that answers. Concurrent callers share one query. */
  #look(): Promise<void> {
    this.#looking ??= this.#ask().finally(() => {
      this.#looking = undefined
    })
    return this.#looking
  }

  async #ask(): Promise<void> {
    for (const node of [...this.#nodes.values()]) {
      const reply = await node.command('CLUSTER', ['SLOTS']).catch(() => undefined)
      if (reply === undefined) continue
      this.#owners = new Owners(readLayout(reply, node.address))
      return this.#retain(this.#owners)
    }
    // No known node answers. The seeds may have other addresses by now.
    if (!this.#closed) for (const seed of this.#seeds) this.#nodeAt(seed)
  }

  /** Connects to the owners, and drops servers that own no slot and do not answer. */
  #retain(owners: Owners): void {
    if (this.#closed) return
    for (const owner of owners.all) this.#nodeAt(owner)
    for (const [authority, node] of this.#nodes) {
      if (owners.has(authority) || node.health().ok) continue
      this.#nodes.delete(authority)
      void node.close()
    }
  }
}
