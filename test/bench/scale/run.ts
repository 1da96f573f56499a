import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { type Child, startScript, startServer } from '../proxy/child.ts'
import { type Contestant, startTrivium } from '../proxy/contestants.ts'
import { markdown, spreadOf } from '../proxy/figures.ts'
import { Bench, type Measured } from '../proxy/measure.ts'
import { commit, writePage } from '../proxy/page.ts'
import { KEY } from '../proxy/program.ts'
import { JSON_1K } from '../proxy/sections.ts'
import { chartOf } from './chart.ts'
import { affordable, gather, idleCpu } from './crowd.ts'
import { Fleet } from './replicas.ts'
import { type Point, SERIES, type Series } from './series.ts'

const COMMAND = 'node test/bench/scale/run.ts'
const USAGE = `Usage: ${COMMAND} [OPTIONS]

What a JSON request of 1 KB costs through Trivium with few and many teams, keys, rules, rows in the ledger, open streams and
replicas: curves that should be flat. The figures go to docs/performance.md. Needs 5 GB of disk for ten million rows.

  --only LIST   of ${SERIES.map(({ name }) => name).join(', ')} (default: all)
  --most N      no size above it
  --rounds N    slices of each size (default: 7)
  --print       print only, write nothing
`

const PLAN = { how: 'closed', kind: JSON_1K, connections: 32, rate: 0, streams: 0 } as const
const SLICE_MS = 1_500
const WARM_UP_MS = 5_000

const { values } = parseArgs({
  options: {
    only: { type: 'string', default: SERIES.map(({ name }) => name).join() },
    most: { type: 'string', default: '10000000' },
    rounds: { type: 'string', default: '7' },
    print: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
})
const rounds = Number(values.rounds)
const children: Child[] = []

interface Measurement {
  readonly series: Series
  readonly size: number
  readonly cpuUs: readonly number[]
  readonly rssMib: number
}

/** A size of a series, running. */
interface Started {
  readonly point: Point
  /** The first of the replicas, and usually the only one. */
  readonly contestant: Contestant
  readonly replicas: readonly Contestant[]
}

type Slices = ReadonlyMap<Contestant, readonly Pick<Measured, 'cpuUs' | 'rssMib'>[]>

async function run(): Promise<void> {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1))
  const folder = mkdtempSync(join(tmpdir(), 'trivium-scale-'))
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }))
  const load = startScript('./load.ts')
  children.push(load)
  const bench = new Bench(load, () => [])
  const upstream = await startServer([], './upstream.ts')
  children.push(upstream.child)
  const measured: Measurement[] = []
  try {
    for (const series of SERIES.filter(({ name }) => values.only.split(',').includes(name))) {
      if (process.stderr.isTTY) process.stderr.write(`${series.name} …\n`)
      measured.push(...(await measureSeries(bench, series, upstream.port, folder)))
    }
  } finally {
    for (const child of children.toReversed()) await child.stop()
  }
  tell(measured)
}

/**
 * One program per size, measured in rotation. Crowds are measured one at a time, because several would
 * disturb each other.
 */
async function measureSeries(
  bench: Bench,
  series: Series,
  upstreamPort: number,
  folder: string,
): Promise<readonly Measurement[]> {
  const started: Started[] = []
  for (const wanted of series.sizes.filter((size) => size <= Number(values.most))) {
    const size = series.name === 'streams' ? affordable(wanted) : wanted
    const own = join(folder, `${series.name}-${size}`)
    mkdirSync(own)
    const point = await series.point(size, own)
    const replicas: Contestant[] = []
    for (let place = 1; place <= (point.replicas ?? 1); place += 1) {
      const name = `Trivium ${place}`
      const { child, door } = await startTrivium(name, own, upstreamPort, [], point.variation)
      children.push(child)
      const manyKeys = point.keys === undefined ? door : { ...door, key: KEY, keys: point.keys }
      replicas.push({ child, name, door: manyKeys })
    }
    const [contestant] = replicas
    if (contestant !== undefined) started.push({ point, contestant, replicas })
  }
  const slices = await slicesOf(bench, started)
  for (const { point, replicas } of started) {
    for (const { child } of replicas) await child.stop()
    await point.dispose?.()
  }
  return started.map(({ point, contestant }) => {
    const own = slices.get(contestant) ?? []
    return {
      series,
      size: point.size,
      cpuUs: own.map(({ cpuUs }) => cpuUs),
      rssMib: Math.max(...own.map(({ rssMib }) => rssMib)),
    }
  })
}

function slicesOf(bench: Bench, started: readonly Started[]): Promise<Slices> {
  if (started.some(({ point }) => point.streams !== undefined)) return besideCrowds(bench, started)
  if (started.some(({ point }) => point.replicas !== undefined)) return fleetsInTurn(started)
  return bench.inTurn(
    PLAN,
    started.map(({ contestant }) => contestant),
    { warmUpMs: WARM_UP_MS, sliceMs: SLICE_MS, rounds },
  )
}

async function fleetsInTurn(started: readonly Started[]): Promise<Slices> {
  const fleets = started.map(({ contestant, replicas }) => ({ contestant, fleet: new Fleet(replicas) }))
  children.push(...fleets.flatMap(({ fleet }) => fleet.loads))
  // They share the cores while they warm up, too.
  for (const { fleet } of fleets) await fleet.measure(PLAN, WARM_UP_MS * fleet.loads.length)
  const slices = new Map<Contestant, Pick<Measured, 'cpuUs' | 'rssMib'>[]>()
  for (let round = 0; round < rounds; round += 1) {
    for (const { contestant, fleet } of fleets) {
      slices.set(contestant, [...(slices.get(contestant) ?? []), await fleet.measure(PLAN, SLICE_MS)])
    }
  }
  return slices
}

/** Excludes what the crowd itself uses in the meantime. */
async function besideCrowds(bench: Bench, started: readonly Started[]): Promise<Slices> {
  const slices = new Map<Contestant, readonly Measured[]>()
  for (const { point, contestant } of started) {
    const { streams = 0 } = point
    await bench.measure(PLAN, contestant, WARM_UP_MS)
    const crowd = startScript('./load.ts')
    children.push(crowd)
    await gather(crowd, contestant, streams, 10 * 60_000)
    const own: Measured[] = []
    for (let round = 0; round < rounds; round += 1) {
      const idle = await idleCpu(contestant, SLICE_MS)
      const { load, cpuUs, ...rest } = await bench.measure(PLAN, contestant, SLICE_MS)
      own.push({ ...rest, load, cpuUs: cpuUs - (idle * load.ms * 1000) / load.requests })
    }
    slices.set(contestant, own)
    await crowd.stop()
  }
  return slices
}

function tell(measured: readonly Measurement[]): void {
  const [busy = 0] = loadavg()
  const table = measured.map(({ series, size, cpuUs, rssMib }) => {
    const { low, median, high } = spreadOf(cpuUs)
    const least = measured.find((each) => each.series === series)
    const ratio = median / spreadOf(least?.cpuUs ?? []).median
    const figures = `${median.toFixed(0)} [${low.toFixed(0)}..${high.toFixed(0)}]`
    return [series.what, size.toLocaleString('en'), figures, ratio.toFixed(2), rssMib.toFixed(0)]
  })
  const day = new Date().toISOString().slice(0, 10)
  const figures = `${day}, commit \`${commit()}\`, Node ${process.version}, load average ${busy.toFixed(1)} at the end: CPU of the proxy, medians [quartiles] of ${rounds} slices, sizes in turn.

${markdown([['what grows', 'size', 'CPU µs/request', 'to the smallest', 'RSS MiB'], ...table])}
`
  process.stdout.write(`${figures}\n`)
  if (!values.print) writePage(COMMAND, figures, { name: 'scale.svg', svg: chartOf(curvesOf(measured)) })
}

function curvesOf(measured: readonly Measurement[]) {
  return SERIES.map((series) => ({
    name: series.name,
    points: measured
      .filter((each) => each.series === series)
      .map(({ size, cpuUs }) => ({ size, cpuUs: spreadOf(cpuUs).median })),
  })).filter(({ points }) => points.length > 0)
}

if (values.help) process.stdout.write(USAGE)
else await run()
