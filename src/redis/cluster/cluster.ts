import { placeOf, type RedisAddress } from '../address.ts'
import type { Call } from '../call.ts'
import type { RedisConnection, Reply, StoreHealth } from '../connection.ts'
import { type ConnectOptions, DEADLINE_MS, RedisNode } from '../node.ts'
import type { Script } from '../script.ts'
import { StoreUnavailable } from '../store-unavailable.ts'
import { keyOf } from './command-key.ts'
import { readLayout } from './layout.ts'
import { Owners } from './owners.ts'
import { redirectionIn } from './redirection.ts'
import { slotOf } from './slot.ts'

type Arguments = readonly (string | number)[]

/** How often it is asked who has which slot, while something is amiss. A node that was replaced is noticed so. */
const LOOK_MS = 500
/** Listeners wait for the slowest node at most so many looks. */
const PATIENT_LOOKS = 2
/** A call is sent on at most so often: to where its slot went for good, and from there to where it is on its way. */
const MOST_HOPS = 3

/**
 * The nodes of a cluster, each behind a connection, a deadline and a batch of its own. A call goes to the node that has its
 * key's slot; one that is redirected is sent on within the deadline it came with.
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
  /** A node has come that the listeners have not heard of yet: whole may the cluster be only later. */
  #untold = false
  #closed = false

  constructor(seeds: readonly RedisAddress[], options: ConnectOptions) {
    this.#seeds = seeds
    this.#options = options
    this.#deadlineMs = options.deadlineMs ?? DEADLINE_MS
    for (const seed of seeds) this.#nodeAt(seed)
    this.#timer = setInterval(() => this.#tick(), LOOK_MS)
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
    return this.#owners.health(({ place }) => this.#nodes.get(place)?.health())
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
    const node = owner && this.#nodes.get(owner.place)
    if (node === undefined) return Promise.reject(new StoreUnavailable(`redis: no node has slot ${slot}`))
    const sentAt = performance.now()
    return node.send(call).catch((error: unknown) => this.#sendOn(error, call, node, sentAt))
  }

  /** Follows redirections; every other error is thrown as it came. */
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

  /** An answer that comes after the deadline of a call that was sent on is late, as it is for any other. */
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

  /** The connection to a server, made where there is none. All of a cluster have the seeds' user, password and TLS. */
  #nodeAt(at: Pick<RedisAddress, 'host' | 'port'>): RedisNode {
    const place = placeOf(at)
    const known = this.#nodes.get(place)
    if (known !== undefined) return known
    const [seed] = this.#seeds
    if (seed === undefined) throw new TypeError('a cluster needs at least one address')
    const node = new RedisNode({ ...seed, host: at.host, port: at.port }, 'cluster node', this.#options)
    this.#nodes.set(place, node)
    node.onReady(() => {
      this.#untold = true
      void this.#look().then(() => this.#announce())
    })
    return node
  }

  #tick(): void {
    const health = this.health()
    if (health.ok && health.warning === undefined && !this.#untold) return
    this.#looks += 1
    void this.#look().then(() => this.#announce())
  }

  /** Tells the listeners; the first time not before every node is there, or has had its time. */
  #announce(): void {
    const health = this.health()
    if (this.#closed || !health.ok || !this.#untold) return
    if (!this.#announced && health.warning !== undefined && this.#looks < PATIENT_LOOKS) return
    this.#announced = true
    this.#untold = false
    for (const listener of this.#listeners) listener()
  }

  /** Asks a node who has which slot, any that answers. Whoever asks meanwhile gets the same answer. */
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
    // Nobody is left whom we know: the seeds may have other addresses by now.
    if (!this.#closed) for (const seed of this.#seeds) this.#nodeAt(seed)
  }

  /** Connects to the owners, and gives up servers that have no slot and do not answer. */
  #retain(owners: Owners): void {
    if (this.#closed) return
    for (const owner of owners.all) this.#nodeAt(owner)
    for (const [place, node] of this.#nodes) {
      if (owners.has(place) || node.health().ok) continue
      this.#nodes.delete(place)
      void node.close()
    }
  }
}
