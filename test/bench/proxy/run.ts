import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { startScript, startServer } from './child.ts'
import { markdown, spreadOf } from './figures.ts'
import { measure, type Pair, type Plan } from './measure.ts'
import { writeConfiguration } from './program.ts'
import { BODIES } from './prompts.ts'

const USAGE = `Usage: npm run bench [-- OPTIONS]

CPU time per request of the proxy with everything on, against a bare node:http + undici pass-through.

  --only json|stream   measure one kind of request (default: both)
  --pairs N            pairs of slices (default: 9)
  --profile FOLDER     have both contestants write a CPU profile there; their figures are dearer then
`

/** The whole run must be over by then, whatever hangs. */
const LONGEST_MS = 180_000

const KINDS = { json: { stream: false, atMost: 1.6 }, stream: { stream: true, atMost: 1.3 } } as const
type Kind = keyof typeof KINDS

const { values } = parseArgs({
  options: {
    only: { type: 'string' },
    pairs: { type: 'string', default: '9' },
    profile: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
})
async function run(): Promise<void> {
  const watchdog = setTimeout(() => {
    process.stderr.write(`not done after ${LONGEST_MS / 1000} s: given up\n`)
    process.exit(1)
  }, LONGEST_MS)
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1))
  const folder = mkdtempSync(join(tmpdir(), 'trivium-bench-'))
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }))
  const flags = values.profile === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${values.profile}`]
  const upstream = await startServer([], './upstream.ts')
  const bare = await startServer(flags, './bare.ts', `http://127.0.0.1:${upstream.port}`)
  const config = writeConfiguration(folder, upstream.port)
  const trivium = await startServer(flags, '../../../src/main.ts', 'serve', '--config', config)
  const load = startScript('./load.ts')
  const kinds = (['json', 'stream'] as const).filter((kind) => (values.only ?? kind) === kind)
  const rows: (readonly string[])[] = []
  let foreign: number[] = []
  for (const kind of kinds) {
    const pairs = await measure(planFor(kind), { bare, trivium }, load, upstream)
    rows.push(rowOf('bare', kind, pairs), rowOf('trivium', kind, pairs))
    foreign = foreign.concat(pairs.flatMap((pair) => [pair.bare.foreignCores, pair.trivium.foreignCores]))
  }
  process.stdout.write(report(rows, foreign))
  for (const child of [load, trivium.child, bare.child, upstream.child]) await child.stop()
  clearTimeout(watchdog)
}

function planFor(kind: Kind): Plan {
  const pairs = Number(values.pairs)
  return { stream: KINDS[kind].stream, connections: 32, warmUpMs: 12_000, sliceMs: 3000, pairs }
}

const HEAD = [
  '',
  'CPU µs/request',
  'ratio',
  'at most',
  'requests/s a core',
  'requests/s',
  'reads/answer',
  'requests',
]

function rowOf(contestant: keyof Pair, kind: Kind, pairs: readonly Pair[]): readonly string[] {
  const slices = pairs.map((pair) => pair[contestant])
  const cpu = spreadOf(slices.map(({ cpuUs }) => cpuUs))
  const ratio = spreadOf(pairs.map(({ bare, trivium }) => trivium.cpuUs / bare.cpuUs))
  const rate = spreadOf(slices.map(({ load }) => (load.requests * 1000) / load.ms))
  const requests = slices.reduce((sum, { load }) => sum + load.requests, 0)
  const reads = slices.reduce((sum, { load }) => sum + load.reads, 0)
  const isMeasure = contestant === 'bare'
  return [
    `${contestant}, ${kind}`,
    `${cpu.median.toFixed(1)} [${cpu.low.toFixed(1)}..${cpu.high.toFixed(1)}]`,
    isMeasure ? '1' : `${ratio.median.toFixed(2)} [${ratio.low.toFixed(2)}..${ratio.high.toFixed(2)}]`,
    isMeasure ? '' : KINDS[kind].atMost.toFixed(1),
    (1e6 / cpu.median).toFixed(0),
    rate.median.toFixed(0),
    (reads / requests).toFixed(1),
    String(requests),
  ]
}

function report(rows: readonly (readonly string[])[], foreign: readonly number[]): string {
  const noise = spreadOf(foreign)
  return `${markdown([HEAD, ...rows])}

Medians [quartiles] over ${values.pairs} pairs of slices of 3 s, bare and trivium in turn, after 12 s of warm-up each;
32 connections in a closed loop; CPU from /proc/PID/stat, all threads. Node ${process.version}, both with the same flags.
Prompts: ${BODIES} bodies of about 1 KB in English, French, Chinese and German, all three classes; a third is all question,
a third has instructions, a third a conversation before it. Each request has a serial number in its newest words, so
that no verdict comes from the classifier's memory. A stream has 50 chunks of content,
each written by itself, one a millisecond. Other programs used ${noise.median.toFixed(2)} cores [${noise.low.toFixed(2)}..${noise.high.toFixed(2)}] meanwhile.
`
}

if (values.help) process.stdout.write(USAGE)
else await run()
