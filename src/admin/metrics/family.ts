import type { Histogram } from '../../telemetry/histogram.ts'

export type Labels = Readonly<Record<string, string | number>>

/** A metric and where its values come from, asked at every scrape. */
export type Family = Plain | Distribution

interface Described {
  readonly name: string
  readonly help: string
  /** What its samples are told apart by, in this order. */
  readonly labels: readonly string[]
  /** Told only to who may see what teams use and spend. */
  readonly guarded?: boolean
}

/** One number for each combination of labels. */
export interface Plain extends Described {
  readonly type: 'counter' | 'gauge'
  samples(): Iterable<readonly [Labels, number]> | Promise<Iterable<readonly [Labels, number]>>
}

/** How often values were at most so large. */
export interface Distribution extends Described {
  readonly type: 'histogram'
  /** What one of ours is in the unit that is told: 0.001 for milliseconds told as seconds. */
  readonly unit: number
  samples(): Iterable<readonly [Labels, Histogram]>
}

/** A gauge with one value. */
export function gauge(name: string, help: string, read: () => number): Plain {
  return { name, help, type: 'gauge', labels: [], samples: () => [[{}, read()]] }
}

/** What is in force now, told in labels; 1 always. */
export function info(
  name: string,
  help: string,
  labels: readonly string[],
  read: () => Iterable<Labels>,
): Plain {
  return { name, help, type: 'gauge', labels, samples: () => [...read()].map((each) => [each, 1]) }
}
