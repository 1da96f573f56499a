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

/**
 * The latency each adds to a request, with one due every millisecond: in each of several rounds to what the upstream
 * itself takes in that round, for one stall of the machine is enough for a p99. The first is the upstream itself.
 */
export async function latency(
  bench: Bench,
  contestants: readonly Contestant[],
  length: Length,
): Promise<readonly Row[]> {
  const plan: Plan = { how: 'open', kind: JSON_1K, connections: 64, rate: 1000, streams: 0 }
  const measured = await bench.inTurn(plan, contestants, length)
  return added('1,000 JSON requests/s: added', measured, ({ totalMs }) => totalMs)
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
  const measured = await bench.inTurn(plan, contestants, { warmUpMs: 0, sliceMs: ms, rounds: 1 })
  return added('first byte beside 2,000 open streams: added', measured, ({ firstByteMs }) => firstByteMs)
}

/** Medians over the rounds of what each contestant but the first adds to the first. */
function added(
  what: string,
  measured: ReadonlyMap<Contestant, readonly Measured[]>,
  timesOf: (load: Measured['load']) => readonly number[],
): readonly Row[] {
  const [first, ...others] = measured
  const [, direct = []] = first ?? []
  return others.map(([{ name }, slices]) => {
    const addedAt = (share: number) =>
      spreadOf(
        slices.map(
          ({ load }, round) =>
            quantile(timesOf(load), share) - quantile(timesOf(direct[round]?.load ?? load), share),
        ),
      ).median
    return {
      what,
      contestant: name,
      addedMs: { p50: addedAt(0.5), p99: addedAt(0.99) },
      rssMib: Math.max(...slices.map(({ rssMib }) => rssMib)),
    }
  })
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
