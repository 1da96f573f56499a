import { mkdtempSync, rmSync } from 'node:fs'
import { cpus, loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { startSharedStores, withoutShared } from '../../support/shared-stores.ts'
import { type Bar, chartOf } from './chart.ts'
import { type Child, startScript, startServer } from './child.ts'
import { type Contestant, contestantOf, startBare, startFloors, startTrivium } from './contestants.ts'
import { Bench } from './measure.ts'
import { commit, writePage } from './page.ts'
import { startLitellm, startPortkey } from './peers.ts'
import { emptyRules, type Variation } from './program.ts'
import { tableOf } from './report.ts'
import { cost, cpuOf, crowd, JSON_1K, latency, OTHER_KINDS, type Row, STREAM_50 } from './sections.ts'

const USAGE = `Usage: npm run bench [-- OPTIONS]

What a request costs through the proxy, against a bare node:http + undici pass-through and others, in eight minutes at the
most; the figures go to docs/performance.md.

  --only LIST       of main, kinds, without, latency, crowd, peers (default: all of these), floor: the bare one with what nobody
                    can save who keeps a row of each request
  --rounds N        slices of each contestant where the main figures are taken (default: 7)
  --peers FOLDER    where npm has installed @portkey-ai/gateway; litellm is looked for on the PATH
  --profile FOLDER  have the bare one and Trivium write CPU profiles there; their figures are dearer then
  --print           print only, write nothing
`

const LONGEST_MS = 480_000
const PARTS = ['main', 'kinds', 'without', 'latency', 'crowd', 'peers']

const { values } = parseArgs({
  options: {
    only: { type: 'string', default: PARTS.join() },
    rounds: { type: 'string', default: '7' },
    peers: { type: 'string' },
    profile: { type: 'string' },
    print: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
})

const wanted = new Set(values.only.split(','))
const children: Child[] = []
const rows: Row[] = []
const notes: string[] = []

async function run(): Promise<void> {
  const watchdog = setTimeout(() => {
    process.stderr.write(`not done after ${LONGEST_MS / 1000} s: given up\n`)
    process.exit(1)
  }, LONGEST_MS)
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1))
  const folder = mkdtempSync(join(tmpdir(), 'trivium-bench-'))
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }))
  const stores = withoutShared === false ? await startSharedStores({ persistence: 'everysec' }) : undefined
  try {
    await measureAll(folder, stores && { redis: stores.redis.url, postgres: stores.postgres.url })
  } finally {
    for (const child of children.toReversed()) await child.stop()
    await stores?.dispose()
    clearTimeout(watchdog)
  }
  tell()
}

function keep<T extends { readonly child: Child }>(started: T): T {
  children.push(started.child)
  return started
}

async function measureAll(folder: string, store: object | undefined): Promise<void> {
  const load = startScript('./load.ts')
  children.push(load)
  const bench = new Bench(load, () => [
    process.pid,
    ...children.filter(({ isAlive }) => isAlive).map(({ pid }) => pid),
  ])
  const upstream = keep(await startServer([], './upstream.ts'))
  const flags = values.profile === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${values.profile}`]
  const direct = contestantOf('direct', upstream)
  const bare = keep(await startBare(flags, upstream.port))
  const serve = async (name: string, variation?: Variation) =>
    keep(await startTrivium(name, folder, upstream.port, flags, variation))
  const embedded = await serve('Trivium')
  const house = [bare, embedded]
  if (store === undefined) notes.push(`Trivium with shared stores: skipped, ${withoutShared}`)
  else house.push(await serve('Trivium, shared stores', { store }))

  const rounds = Number(values.rounds)
  if (wanted.has('main')) {
    for (const kind of [JSON_1K, STREAM_50]) {
      progress(kind.name)
      rows.push(...(await cost(bench, kind, house, { warmUpMs: 6000, sliceMs: 1500, rounds })))
    }
  }
  for (const kind of wanted.has('kinds') ? OTHER_KINDS : []) {
    progress(kind.name)
    rows.push(...(await cost(bench, kind, house, { warmUpMs: 1500, sliceMs: 1500, rounds: 3 })))
  }
  if (wanted.has('without')) await measureWithout(bench, bare, serve, folder)
  if (wanted.has('floor')) {
    progress('floor')
    const floors = (await startFloors(folder, upstream.port)).map((child) => keep(child))
    const kind = { ...JSON_1K, name: 'JSON, 1 KB, step by step' }
    const length = { warmUpMs: 4000, sliceMs: 1500, rounds }
    rows.push(...(await cost(bench, kind, [bare, ...floors, embedded], length)))
  }
  if (wanted.has('latency')) {
    progress('latency')
    const length = { warmUpMs: 2500, sliceMs: 3000, rounds: 5 }
    rows.push(...(await latency(bench, [direct, ...house], length)))
  }
  if (wanted.has('crowd')) {
    progress('crowd')
    rows.push(...(await crowd(bench, [direct, ...house], 6000)))
  }
  if (wanted.has('peers')) await measurePeers(bench, bare, embedded, upstream.port, folder)
  notes.push(...bench.givenUp)
  for (const [name, { errors, requests }] of bench.wrong) {
    notes.push(
      `${name}: ${errors} of ${requests} requests were not served, mostly since a store was too slow`,
    )
  }
}

/** The cost of each part, measured by leaving it out. */
async function measureWithout(
  bench: Bench,
  bare: Contestant,
  serve: (name: string, variation: Variation) => Promise<Contestant>,
  folder: string,
): Promise<void> {
  progress('without')
  const variants = [
    await serve('Trivium without rules', { settings: { classifier: { rules: emptyRules(folder) } } }),
    await serve('Trivium without classifier', { without: 'classifier' }),
    await serve('Trivium without budgets', { without: 'budgets' }),
    await serve('Trivium without limits', { without: 'limits' }),
    await serve('Trivium keeping features', { settings: { capture: { prompts: 'features' } } }),
    await serve('Trivium logging requests', { settings: { log: { level: 'info' } } }),
  ]
  const length = { warmUpMs: 3000, sliceMs: 1500, rounds: 3 }
  rows.push(...(await cost(bench, JSON_1K, [bare, ...variants], length)).slice(1))
}

async function measurePeers(
  bench: Bench,
  bare: Contestant,
  embedded: Contestant,
  upstreamPort: number,
  folder: string,
): Promise<void> {
  progress('peers')
  for (const peer of [
    await startPortkey(values.peers, upstreamPort),
    await startLitellm(folder, upstreamPort),
  ]) {
    if ('missing' in peer) {
      notes.push(`${peer.name}: skipped, ${peer.missing}`)
      continue
    }
    keep(peer)
    for (const kind of [JSON_1K, STREAM_50]) {
      const length = { warmUpMs: 2500, sliceMs: 2500, rounds: 2 }
      const measured = await cost(bench, kind, [bare, embedded, peer], length)
      rows.push(...measured.filter(({ contestant }) => contestant === peer.name))
    }
    await peer.child.stop()
  }
}

function progress(part: string): void {
  if (process.stderr.isTTY) process.stderr.write(`${part} …\n`)
}

function tell(): void {
  const [cpu] = cpus()
  const day = new Date().toISOString().slice(0, 10)
  const [busy = 0] = loadavg()
  const figures = `${day}, commit \`${commit()}\`, Node ${process.version}, ${cpus().length} × ${cpu?.model ?? 'unknown'}, load average ${busy.toFixed(1)}
at the end. CPU is what \`/proc/PID/stat\` says of all threads of the proxy (not of Redis and Postgres); medians [quartiles] of
slices of ${values.rounds} rounds and fewer, contestants in turn. p50 and p99 are what is added to asking the upstream directly.

${tableOf(rows)}
${notes.map((note) => `\n- ${note}`).join('')}
`
  process.stdout.write(`${figures}\n`)
  if (!values.print) writePage('npm run bench', figures, { name: 'performance.svg', svg: chartOf(barsOf()) })
}

/** Everything that forwards a JSON request of 1 KB, cheapest first. */
function barsOf(): readonly Bar[] {
  return rows
    .filter(({ what }) => what === JSON_1K.name)
    .map(({ contestant: name }) => ({ name, cpuUs: cpuOf(rows, JSON_1K.name, name) ?? 0 }))
    .toSorted((a, b) => a.cpuUs - b.cpuUs)
}

if (values.help) process.stdout.write(USAGE)
else await run()
