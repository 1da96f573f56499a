import { escaped, STYLE } from '../proxy/chart.ts'

/** CPU of a request at each size of one quantity. */
export interface Curve {
  readonly name: string
  readonly points: readonly { readonly size: number; readonly cpuUs: number }[]
}

const ROW = 22
const GAP = 14
const LEFT = 190
const WIDTH = 760
const RIGHT = 90
const TOP = 46
const FOOT = 10

/** The cost of a request as things grow, as an SVG; ideally all bars of a group have the same length. */
export function chartOf(curves: readonly Curve[]): string {
  const all = curves.flatMap(({ points }) => points)
  const most = Math.max(...all.map(({ cpuUs }) => cpuUs))
  let y = TOP
  const groups = curves.map(({ name, points }) => {
    const bars = points.map((point) => {
      const bar = barOf(point, name, y, ((WIDTH - LEFT - RIGHT) * point.cpuUs) / most)
      y += ROW
      return bar
    })
    y += GAP
    return bars.join('\n')
  })
  const height = y - GAP + FOOT
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" role="img" aria-label="CPU time of a JSON request as things grow">
<style>${STYLE}
</style>
<text class="title" x="10" y="24">CPU time of a JSON request through Trivium, as things grow</text>
${groups.join('\n')}
</svg>
`
}

function barOf({ size, cpuUs }: Curve['points'][number], name: string, y: number, width: number): string {
  const label = escaped(`${size.toLocaleString('en')} ${name}`)
  return (
    `<text x="${LEFT - 10}" y="${y + 13}" text-anchor="end">${label}</text>` +
    `<rect class="ours" x="${LEFT}" y="${y + 1}" width="${width.toFixed(1)}" height="${ROW - 6}"/>` +
    `<text class="quiet" x="${(LEFT + width + 8).toFixed(1)}" y="${y + 13}">${cpuUs.toFixed(0)} µs</text>`
  )
}
