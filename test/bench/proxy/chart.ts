/** One bar of a chart: the cost of one JSON request. */
export interface Bar {
  readonly name: string
  readonly cpuUs: number
}

const ROW = 26
const LEFT = 190
const WIDTH = 760
const RIGHT = 70
const TOP = 56
const FOOT = 34

/** For light and dark pages. */
export const STYLE = `
  text { font: 13px system-ui, sans-serif; fill: #1f2328 }
  .title { font-size: 15px; font-weight: 600 }
  .quiet { fill: #59636e }
  line { stroke: #d1d9e0 }
  rect { fill: #818b98 }
  .ours { fill: #0969da }
  @media (prefers-color-scheme: dark) {
    text { fill: #f0f6fc } .quiet { fill: #9198a1 } line { stroke: #3d444d } rect { fill: #656c76 } .ours { fill: #4493f8 }
  }`

/**
 * CPU time of a JSON request for each program that forwards it, as an SVG for light and dark pages. The scale
 * is logarithmic: each line is ten times the one before.
 */
export function chartOf(bars: readonly Bar[]): string {
  const most = Math.max(...bars.map(({ cpuUs }) => cpuUs), 1000)
  const decades = Math.ceil(Math.log10(most)) - 1
  const x = (cpuUs: number) =>
    LEFT + (Math.log10(Math.max(10, cpuUs) / 10) / decades) * (WIDTH - LEFT - RIGHT)
  const height = TOP + bars.length * ROW + FOOT
  const lines = Array.from({ length: decades + 1 }, (_, power) => 10 ** (power + 1)).map(
    (cpuUs) =>
      `<line x1="${x(cpuUs)}" x2="${x(cpuUs)}" y1="${TOP - 8}" y2="${height - FOOT}"/>` +
      `<text class="quiet" x="${x(cpuUs)}" y="${height - 12}" text-anchor="middle">${cpuUs.toLocaleString('en')} µs</text>`,
  )
  const rows = bars.map(({ name, cpuUs }, index) => {
    const y = TOP + index * ROW
    const own = /^trivium/i.test(name) ? ' class="ours"' : ''
    return (
      `<text x="${LEFT - 10}" y="${y + 14}" text-anchor="end">${escaped(name)}</text>` +
      `<rect${own} x="${LEFT}" y="${y + 2}" width="${(x(cpuUs) - LEFT).toFixed(1)}" height="${ROW - 10}" rx="3"/>` +
      `<text class="quiet" x="${(x(cpuUs) + 8).toFixed(1)}" y="${y + 14}">${cpuUs.toFixed(0)}</text>`
    )
  })
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" role="img" aria-label="CPU time of a JSON request by proxy">
<style>${STYLE}</style>
<text class="title" x="16" y="26">CPU time of a 1 KB JSON request</text>
${[...lines, ...rows].join('\n')}
</svg>
`
}

export function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;')
}
