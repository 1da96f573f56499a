import type { Contestant } from './contestants.ts'
import { spreadOf } from './figures.ts'
import type { Bench, Measured, Plan } from './measure.ts'
import type { Kind } from './order.ts'

/** A row of the table. Anything not measured is left out. */
export interface Row {
  readonly what: string
  readonly contestant: string
  readonly cpuUs?: readonly number[]
  /** Ratio to the bare pass-through, slice by slice. */
  readonly ratio?: readonly number[]
  readonly addedMs?: { readonly p50: number; readonly p99: number }
  readonly rssMib?: number
}

export const JSON_1K: Kind = { name: 'JSON, 1 KB', bytes: 1024, chunks: 0, delayMs: 0, everyMs: 1 }
export const STREAM_50: Kind = { name: 'stream, 50 chunks', bytes: 1024, chunks: 50, delayMs: 0, everyMs: 1 }

/** In addition to the two kinds that the project's key figures are about. */
export const OTHER_KINDS: readonly Kind[] = [
  { ...JSON_1K, name: 'JSON, 20 KB', bytes: 20_480 },
  { ...JSON_1K, name: 'JSON, 200 KB', bytes: 204_800 },
  { ...STREAM_50, name: 'stream, 300 chunks', chunks: 300 },
  { ...JSON_1K, name: 'JSON, 1 KB, upstream 50 ms', delayMs: 50 },
  { ...STREAM_50, name: 'stream, 50 chunks, upstream 50 ms', delayMs: 50 },
]

export interface Length {
  readonly warmUpMs: number
  readonly sliceMs: number
  readonly rounds: number
}

/** Enough connections to keep a proxy busy although its upstream is slow. */
const WAITING_CONNECTIONS = 128

/** CPU of each contestant in a closed loop. The first is the bare one. */
export async function cost(
  bench: Bench,
  kind: Kind,
  contestants: readonly Contestant[],
  length: Length,
): Promise<readonly Row[]> {
  const connections = kind.delayMs === 0 ? 32 : WAITING_CONNECTIONS
  const plan: Plan = { how: 'closed', kind, connections, rate: 0, streams: 0 }
  const measured = [...(await bench.inTurn(plan, contestants, length))]
  const [, bare = []] = measured[0] ?? []
  return measured.map(([{ name }, slices]) => ({
    what: kind.name,
    contestant: name,
    cpuUs: slices.map(({ cpuUs }) => cpuUs),
    ratio: slices.map(({ cpuUs }, round) => cpuUs / (bare[round]?.cpuUs ?? Number.NaN)),
    rssMib: Math.max(...slices.map(({ rssMib }) => rssMib)),
  }))
}

/** The latency each adds to a request, with one due every millisecond. The first is the upstream itself. */
export async function latency(
  bench: Bench,
  contestants: readonly Contestant[],
  ms: number,
): Promise<readonly Row[]> {
  const plan: Plan = { how: 'open', kind: JSON_1K, connections: 64, rate: 1000, streams: 0 }
  return added(bench, contestants, plan, ms, '1,000 JSON requests/s: added', ({ totalMs }) => totalMs)
}

/**
 * The latency each adds to the first byte of a stream while others are open. The first is the upstream
 * itself.
 */
export async function crowd(
  bench: Bench,
  contestants: readonly Contestant[],
  ms: number,
): Promise<readonly Row[]> {
  const plan: Plan = { how: 'crowd', kind: STREAM_50, connections: 32, rate: 50, streams: 2000 }
  return added(
    bench,
    contestants,
    plan,
    ms,
    'first byte beside 2,000 open streams: added',
    ({ firstByteMs }) => firstByteMs,
  )
}

async function added(
  bench: Bench,
  contestants: readonly Contestant[],
  plan: Plan,
  ms: number,
  what: string,
  timesOf: (load: Measured['load']) => readonly number[],
): Promise<readonly Row[]> {
  const rows: Row[] = []
  let direct: { readonly p50: number; readonly p99: number } | undefined
  for (const contestant of contestants) {
    if (plan.how === 'open') await bench.attempt(plan, contestant, ms / 2)
    const measured = await bench.attempt(plan, contestant, ms)
    if (measured === undefined) continue
    const { load, rssMib } = measured
    const times = timesOf(load)
    const own = { p50: quantile(times, 0.5), p99: quantile(times, 0.99) }
    direct ??= own
    const addedMs = { p50: own.p50 - direct.p50, p99: own.p99 - direct.p99 }
    if (own !== direct) rows.push({ what, contestant: contestant.name, addedMs, rssMib })
  }
  return rows
}

function quantile(times: readonly number[], share: number): number {
  const sorted = times.toSorted((a, b) => a - b)
  return sorted[Math.floor((sorted.length - 1) * share)] ?? Number.NaN
}

/** The median CPU of a row, for comparing rows. */
export function cpuOf(rows: readonly Row[], what: string, contestant: string): number | undefined {
  const row = rows.find((each) => each.what === what && each.contestant === contestant)
  return row?.cpuUs && spreadOf(row.cpuUs).median
}
