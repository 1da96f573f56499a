import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { budget } from '../../support/ledger-rows.ts'
import { redisCall } from '../../support/redis-call.ts'
import { startClusteredStores, startSharedStores } from '../../support/shared-stores.ts'
import type { Store } from '../../support/stores.ts'

const USAGE = `Usage: node test/bench/shared/crash.ts [--kills 30] [--ms 400] [--fsync always|everysec] [--cluster]

Two replicas on a Redis with an append-only file and a Postgres, under load; every so many milliseconds one of the three
is killed with SIGKILL, in turn, and started again. In the end every promised row must be there, once and at its cost,
no hold open, and the balance in Redis the sum of the rows. Exits 1 when they are not. With \`everysec\` a killed Redis
may forget what it answered last; those requests then stand at their bound. With \`--cluster\` Redis is a cluster of three, and
the node that has the team is killed.
`

const { values } = parseArgs({
  options: {
    kills: { type: 'string', default: '30' },
    ms: { type: 'string', default: '400' },
    fsync: { type: 'string', default: 'always' },
    cluster: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
})

/** Time allowed for everything to settle after the last kill: several leases. */
const PATIENCE_MS = 30_000

/** What was promised: the cost of each settled request. */
const promised = new Map<string, number>()

type Stores = Awaited<ReturnType<typeof startStores>>

/** `redis` is the server that has the team's keys; `addresses` are given to replicas. */
async function startStores() {
  const persistence = values.fsync === 'everysec' ? 'everysec' : 'always'
  if (!values.cluster) {
    const stores = await startSharedStores({ persistence })
    return { ...stores, addresses: [stores.redis.url] }
  }
  const stores = await startClusteredStores({ persistence })
  return { ...stores, redis: stores.cluster.ownerOf('trivium:{research}:'), addresses: stores.cluster.urls }
}

async function startReplica({ addresses, postgres }: Stores): Promise<ChildProcess> {
  const program = ['test/support/busy-replica.ts', postgres.url, ...addresses]
  const child = spawn(process.execPath, program, { stdio: ['ignore', 'pipe', 'ignore'] })
  let rest = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    const lines = (rest + text).split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) {
      const [word, id, cost] = line.split(' ')
      if (word === 'settled' && id !== undefined) promised.set(id, Number(cost))
    }
  })
  await Promise.race([once(child.stdout, 'data'), once(child, 'exit')])
  return child
}

async function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const gone = once(child, 'close')
  child.kill('SIGKILL')
  await gone
}

/** Backends of a killed Postgres survive for a moment and keep a new one from starting. */
async function startAgain(store: Store): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await store.start()
    } catch (error) {
      if (attempt === 20) throw error
      await sleep(100)
    }
  }
}

async function run(): Promise<void> {
  const stores = await startStores()
  const replicas: ChildProcess[] = []
  try {
    replicas.push(await startReplica(stores), await startReplica(stores))
    for (let count = 0; count < Number(values.kills); count += 1) {
      await sleep(Number(values.ms))
      if (count % 3 === 0) {
        const [victim] = replicas.splice(0, 1)
        if (victim !== undefined) await kill(victim)
        replicas.push(await startReplica(stores))
      } else {
        const store = count % 3 === 1 ? stores.redis : stores.postgres
        await store.kill()
        await startAgain(store)
      }
    }
    await sleep(1_000)
    await Promise.all(replicas.map(kill))
    await report(stores)
  } finally {
    await Promise.all(replicas.map(kill))
    await stores.dispose()
  }
}

/** A node of a cluster that has just started refuses everything until the others have noticed. */
async function calledOnceUp(port: number, words: readonly string[]): Promise<string> {
  const deadline = performance.now() + PATIENCE_MS
  for (;;) {
    try {
      return await redisCall(port, words)
    } catch (error) {
      const isStarting = error instanceof Error && /^-(CLUSTERDOWN|LOADING)/.test(error.message)
      if (!isStarting || performance.now() > deadline) throw error
      await sleep(100)
    }
  }
}

async function report(stores: Stores): Promise<void> {
  const call = (...words: readonly string[]) => calledOnceUp(stores.redis.port, words)
  const total = budget(Number.MAX_SAFE_INTEGER)
  const last = await stores.open({ budgets: [total], leaseMs: 1_500 })
  const waiting = async () =>
    (await call('ZCARD', 'trivium:{research}:leases')) !== '0' ||
    (await call('XLEN', 'trivium:{research}:rows')) !== '0'
  const deadline = performance.now() + PATIENCE_MS
  while ((await waiting()) && performance.now() < deadline) await sleep(100)
  const open = await call('ZCARD', 'trivium:{research}:leases')
  const rows = await stores.query('SELECT id, outcome, cost_nusd::text AS cost FROM ledger')
  const costs = new Map(rows.map(({ id, cost }) => [String(id), Number(cost)]))
  const sum = [...costs.values()].reduce((all, cost) => all + cost, 0)
  const spent = Number(await call('HGET', 'trivium:{research}:team:total:all', 's'))
  const lost = [...promised].filter(([id, cost]) => costs.get(id) !== cost).length
  await last.close()
  process.stdout.write(`
kills                                  ${values.kills}: a replica, Redis, Postgres in turn
requests settled and promised          ${promised.size}
of them lost or at another cost        ${lost}
rows, of them unsettled                ${rows.length}, ${rows.filter(({ outcome }) => outcome === 'unsettled').length}
rows that stand twice                  ${rows.length - costs.size}
holds left open after their lease      ${open}
balance less the sum of the rows       ${spent - sum} nano-dollars
`)
  const isGood =
    lost === 0 && rows.length === costs.size && open === '0' && spent === sum && promised.size > 0
  process.exitCode = isGood ? 0 : 1
}

if (values.help) process.stdout.write(USAGE)
else await run()
