import type { Histogram } from '../../telemetry/histogram.ts'

export type Labels = Readonly<Record<string, string | number>>

/** A metric and the source of its values, read on every scrape. */
export type Family = Plain | Distribution

interface Described {
  readonly name: string
  readonly help: string
  /** Names of the labels, in this order. */
  readonly labels: readonly string[]
  /** Shown only to callers who may see what teams use and spend. */
  readonly guarded?: boolean
}

/** One number for each combination of labels. */
export interface Plain extends Described {
  readonly type: 'counter' | 'gauge'
  samples(): Iterable<readonly [Labels, number]> | Promise<Iterable<readonly [Labels, number]>>
}

/** A cumulative distribution of values. */
export interface Distribution extends Described {
  readonly type: 'histogram'
  /** One stored unit in the exported unit: 0.001 for milliseconds exported as seconds. */
  readonly unit: number
  samples(): Iterable<readonly [Labels, Histogram]>
}

/** A gauge with one value. */
export function gauge(name: string, help: string, read: () => number): Plain {
  return { name, help, type: 'gauge', labels: [], samples: () => [[{}, read()]] }
}

/** Describes, in its labels, what is in force now; the value is always 1. */
export function info(
  name: string,
  help: string,
  labels: readonly string[],
  read: () => Iterable<Labels>,
): Plain {
  return { name, help, type: 'gauge', labels, samples: () => [...read()].map((each) => [each, 1]) }
}
