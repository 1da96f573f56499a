import { markdown, spreadOf } from './figures.ts'
import type { Row } from './sections.ts'

const HEAD = [
  'what',
  'who',
  'CPU µs/request',
  'ratio to bare',
  'requests/s a core',
  'p50 ms',
  'p99 ms',
  'RSS MiB',
]

/** All rows as one Markdown table; medians, with quartiles if there are several slices. */
export function tableOf(rows: readonly Row[]): string {
  return markdown([HEAD, ...rows.map(cellsOf)])
}

function cellsOf({ what, contestant, cpuUs, ratio, addedMs, rssMib }: Row): readonly string[] {
  const isBare = contestant === 'bare' || ratio === undefined
  return [
    what,
    contestant,
    cpuUs === undefined ? '' : spread(cpuUs, 1),
    isBare ? '' : spread(ratio, 2),
    cpuUs === undefined ? '' : (1e6 / spreadOf(cpuUs).median).toFixed(0),
    addedMs === undefined ? '' : addedMs.p50.toFixed(2),
    addedMs === undefined ? '' : addedMs.p99.toFixed(2),
    rssMib === undefined ? '' : rssMib.toFixed(0),
  ]
}

function spread(values: readonly number[], digits: number): string {
  const { low, median, high } = spreadOf(values)
  const figure = (value: number) => value.toFixed(value >= 1000 ? 0 : digits)
  return `${figure(median)} [${figure(low)}..${figure(high)}]`
}
