import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { Pool } from 'undici'
import { startClusteredStores, startSharedStores } from '../../support/shared-stores.ts'
import { temporaryDirectory } from '../../support/temporary-directory.ts'
import { type Server, startServer } from '../proxy/child.ts'
import { KEY, writeConfiguration } from '../proxy/program.ts'

const USAGE = `Usage: node test/bench/shared/run.ts [--rounds 10] [--requests 200] [--cluster]

What shared stores add to a request: the same requests, one after the other, to a proxy with its ledger in a file and to
one with Redis and Postgres, both on this machine and with everything on. Rounds take turns, so that what else runs here
meets both. Exits 1 when Redis and Postgres add more than 1 ms to the median. With \`--cluster\` Redis is a cluster of three.
`

/** Time limit for the whole run, should anything hang. */
const LONGEST_MS = 120_000
const MOST_ADDED_MS = 1

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '10' },
    requests: { type: 'string', default: '200' },
    cluster: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
})

type Figures = Readonly<Record<'embedded' | 'shared', readonly number[]>>

/** Requests refused because Redis took longer than a decision allows. */
let away = 0

async function run(): Promise<void> {
  const watchdog = setTimeout(() => {
    process.stderr.write(`not done after ${LONGEST_MS / 1000} s: given up\n`)
    process.exit(1)
  }, LONGEST_MS)
  const folder = temporaryDirectory()
  const stores = values.cluster
    ? await startClusteredStores({ persistence: 'everysec' })
    : await startSharedStores({ persistence: 'everysec' })
  try {
    const upstream = await startServer([], './upstream.ts')
    const embedded = await start(folder.path, 'embedded', upstream.port)
    const shared = await start(folder.path, 'shared', upstream.port, {
      redis: 'cluster' in stores ? stores.cluster.urls : stores.redis.url,
      postgres: stores.postgres.url,
    })
    report(await measure(poolOf(embedded), poolOf(shared)))
    for (const server of [embedded, shared, upstream]) await server.child.stop()
  } finally {
    await stores.dispose()
    folder.dispose()
    clearTimeout(watchdog)
  }
}

async function measure(embedded: Pool, shared: Pool): Promise<Figures> {
  const took = { embedded: [] as number[], shared: [] as number[] }
  for (const pool of [embedded, shared]) await ask(pool, 200)
  for (let round = 0; round < Number(values.rounds); round += 1) {
    took.embedded.push(...(await ask(embedded, Number(values.requests))))
    took.shared.push(...(await ask(shared, Number(values.requests))))
  }
  await Promise.all([embedded.close(), shared.close()])
  return took
}

function start(folder: string, name: string, upstreamPort: number, store?: object): Promise<Server> {
  const own = join(folder, name)
  mkdirSync(own)
  return startServer(
    [],
    '../../../src/main.ts',
    'serve',
    '--config',
    writeConfiguration(own, upstreamPort, store === undefined ? {} : { store }),
  )
}

function poolOf({ port }: Server): Pool {
  return new Pool(`http://127.0.0.1:${port}`, { connections: 1 })
}

/** Duration of each of `count` sequential requests, in milliseconds. */
async function ask(pool: Pool, count: number): Promise<number[]> {
  const took: number[] = []
  for (let index = 0; index < count; index += 1) {
    const content = `Which river flows through town number ${index}?`
    const began = performance.now()
    const { statusCode, body } = await pool.request({
      path: '/v1/chat/completions',
      method: 'POST',
      headers: { authorization: `Bearer ${KEY}`, 'content-type': 'application/json' },
      body: JSON.stringify({ model: 'auto', messages: [{ role: 'user', content }] }),
    })
    const text = await body.text()
    took.push(performance.now() - began)
    if (statusCode === 503) away += 1
    else if (statusCode !== 200) throw new Error(`${statusCode}: ${text}`)
  }
  return took
}

function report({ embedded, shared }: Figures): void {
  const line = (name: string, of: (share: number) => number) =>
    `${name.padEnd(22)}${[0.5, 0.9, 0.99].map((share) => of(share).toFixed(2).padStart(8)).join('')}\n`
  process.stdout.write(`${embedded.length} requests each, ms       p50     p90     p99\n`)
  process.stdout.write(line('a file', (share) => quantile(embedded, share)))
  process.stdout.write(line('Redis and Postgres', (share) => quantile(shared, share)))
  const added = (share: number) => quantile(shared, share) - quantile(embedded, share)
  process.stdout.write(line('added', added))
  process.stdout.write(`refused since Redis took too long: ${away}\n`)
  process.exitCode = added(0.5) <= MOST_ADDED_MS ? 0 : 1
}

function quantile(took: readonly number[], share: number): number {
  return took.toSorted((a, b) => a - b)[Math.floor((took.length - 1) * share)] ?? Number.NaN
}

if (values.help) process.stdout.write(USAGE)
else await run()
