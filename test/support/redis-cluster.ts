import { setTimeout as sleep } from 'node:timers/promises'
import { slotOf } from '../../src/redis/cluster/slot.ts'
import { redisCall } from './redis-call.ts'
import { allOrNone, freePort } from './store-process.ts'
import { type RedisOptions, type Store, startRedis } from './stores.ts'

/** Three masters on separate loopback ports, sharing the slots. */
export interface RedisClusterStore {
  readonly nodes: readonly Store[]
  /** Addresses of all nodes, as a configuration lists them. */
  readonly urls: readonly string[]
  /** The initial owner of a key's slot. */
  ownerOf(key: string): Store
  /** Starts a replica of a node, which takes over when the node dies. */
  addCopyOf(master: Store): Promise<void>
  /**
   * Moves a slot with all its keys, in order, while the cluster serves; `midway` runs when half of them have
   * moved.
   */
  moveSlot(slot: number, to: Store, midway?: () => Promise<void>): Promise<void>
  empty(): Promise<void>
  dispose(): Promise<void>
}

const MASTERS = 3
const SLOTS = 16_384
const FORMED_WITHIN_MS = 20_000
/** A node that is silent for this long is considered dead by the others. */
const NODE_TIMEOUT_MS = 1_000

/**
 * Sets the cluster up as an operator would: nodes meet, slots are assigned. When one node is down the others
 * keep serving.
 */
export async function startRedisCluster(
  options: Pick<RedisOptions, 'persistence'> = {},
): Promise<RedisClusterStore> {
  const nodes = await allOrNone(Array.from({ length: MASTERS }, () => startNode(options)))
  const copies: Store[] = []
  const dispose = async () => {
    await Promise.all([...nodes, ...copies].map((node) => node.dispose()))
  }
  const firstSlot = (place: number) => Math.ceil((place * SLOTS) / MASTERS)
  try {
    await form(nodes, firstSlot)
  } catch (error) {
    await dispose()
    throw error
  }
  return {
    nodes,
    urls: nodes.map(({ url }) => url),
    ownerOf: (key) => {
      const owner = nodes.findLast((_, place) => firstSlot(place) <= slotOf(key))
      if (owner === undefined) throw new Error(`nobody has ${key}`)
      return owner
    },
    addCopyOf: async (master) => {
      const copy = await startNode(options)
      copies.push(copy)
      await enlist(copy, master, nodes)
    },
    moveSlot: (slot, to, midway) => moveSlot(nodes, slot, to, midway),
    empty: async () => {
      await Promise.all(nodes.map(({ port }) => redisCall(port, ['FLUSHALL'])))
    },
    dispose,
  }
}

async function startNode(options: RedisOptions): Promise<Store> {
  const bus = String(await freePort())
  const settings = ['--cluster-enabled', 'yes', '--cluster-port', bus]
  const timing = ['--cluster-node-timeout', String(NODE_TIMEOUT_MS), '--cluster-require-full-coverage', 'no']
  const copying = ['--repl-diskless-sync-delay', '0']
  const node = await startRedis({ ...options, args: [...settings, ...timing, ...copying] })
  busPorts.set(node, bus)
  return node
}

const busPorts = new WeakMap<Store, string>()

async function form(nodes: readonly Store[], firstSlot: (place: number) => number): Promise<void> {
  const [first] = nodes
  for (const [place, { port }] of nodes.entries()) {
    const [from, to] = [firstSlot(place), firstSlot(place + 1) - 1]
    await redisCall(port, ['CLUSTER', 'ADDSLOTSRANGE', String(from), String(to)])
    await redisCall(port, ['CLUSTER', 'SET-CONFIG-EPOCH', String(place + 1)])
    if (first === undefined || place === 0) continue
    await meet(port, first)
  }
  for (const { port } of nodes) await until(() => knowsAll(port, nodes.length))
}

/**
 * Makes a node a replica of another. All nodes must know it, or they would not vote for it when it is needed.
 */
async function enlist(copy: Store, master: Store, nodes: readonly Store[]): Promise<void> {
  await meet(copy.port, master)
  const id = await redisCall(master.port, ['CLUSTER', 'MYID'])
  await until(async () => (await redisCall(copy.port, ['CLUSTER', 'NODES'])).includes(id))
  await redisCall(copy.port, ['CLUSTER', 'REPLICATE', id])
  await until(async () =>
    (await redisCall(copy.port, ['INFO', 'replication'])).includes('master_link_status:up'),
  )
  for (const { port } of nodes) {
    await until(async () => (await redisCall(port, ['CLUSTER', 'NODES'])).includes(` slave ${id} `))
  }
}

async function meet(port: number, other: Store): Promise<void> {
  await redisCall(port, ['CLUSTER', 'MEET', '127.0.0.1', String(other.port), busPorts.get(other) ?? ''])
}

async function until(look: () => Promise<boolean>): Promise<void> {
  const deadline = performance.now() + FORMED_WITHIN_MS
  while (!(await look())) {
    if (performance.now() > deadline) throw new Error('the nodes form no cluster')
    await sleep(20)
  }
}

async function knowsAll(port: number, count: number): Promise<boolean> {
  const info = await redisCall(port, ['CLUSTER', 'INFO'])
  const full = `cluster_slots_ok:${SLOTS}`
  return info.includes('cluster_state:ok') && info.includes(full) && info.includes(`cluster_size:${count}`)
}

/** The steps from the cluster documentation, key by key. */
async function moveSlot(
  nodes: readonly Store[],
  slot: number,
  to: Store,
  midway?: () => Promise<void>,
): Promise<void> {
  const idOf = ({ port }: Store) => redisCall(port, ['CLUSTER', 'MYID'])
  const setSlot = ({ port }: Store, ...words: readonly string[]) =>
    redisCall(port, ['CLUSTER', 'SETSLOT', String(slot), ...words])
  const counts = await Promise.all(
    nodes.map(({ port }) => redisCall(port, ['CLUSTER', 'COUNTKEYSINSLOT', String(slot)])),
  )
  const from = nodes[counts.findIndex((keys) => keys !== '0')]
  if (from === undefined) throw new Error(`slot ${slot} has no keys`)
  await setSlot(to, 'IMPORTING', await idOf(from))
  await setSlot(from, 'MIGRATING', await idOf(to))
  const keys = (await redisCall(from.port, ['CLUSTER', 'GETKEYSINSLOT', String(slot), '1000']))
    .split('\r\n')
    .filter((line) => line !== '' && !/^[$\d]/.test(line))
    .sort()
  for (const [moved, key] of keys.entries()) {
    if (moved === Math.floor(keys.length / 2)) await midway?.()
    await redisCall(from.port, ['MIGRATE', '127.0.0.1', String(to.port), key, '0', '5000'])
  }
  for (const node of [to, from, ...nodes]) await setSlot(node, 'NODE', await idOf(to))
}
