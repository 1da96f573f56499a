import { PROMPT_CLASSES, type PromptClass } from '../base/prompt-class.ts'
import type { Band, Evaluation } from './evaluate.ts'

const PLOT = 320
const LEFT = 64
const TOP = 56
const GAP = 190
const WIDTH = LEFT + PLOT + GAP + PLOT + 32
const HEIGHT = TOP + PLOT + 72
const CELL = PLOT / PROMPT_CLASSES.length

/** Draws the reliability of confidence and the confusion matrix: one SVG, for light and dark mode. */
export function chartOf(figures: Evaluation): string {
  const title = `${figures.rows} prompts, macro-F1 ${figures.macro_f1.toFixed(3)}, ECE ${figures.ece.toFixed(3)}`
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${title}">
<style>
  svg { font: 13px system-ui, sans-serif; color: #1c2230; background: #fff }
  text { fill: currentColor } .faint { stroke: currentColor; stroke-opacity: .25; fill: none }
  .right { fill: #2f6fb3 } .said { stroke: #c4501b; stroke-width: 2 } .cell { fill: #2f6fb3 } .on { fill: #fff }
  @media (prefers-color-scheme: dark) { svg { color: #e6e9f0; background: #14171f } }
</style>
<text x="${LEFT}" y="24" font-weight="600">${title}</text>
${reliability(figures.bands)}
${confusion(figures, LEFT + PLOT + GAP)}
</svg>
`
}

function reliability(bands: readonly Band[]): string {
  const x = (share: number) => LEFT + share * PLOT
  const y = (share: number) => TOP + PLOT - share * PLOT
  const most = Math.max(1, ...bands.map(({ rows }) => rows))
  const columns = bands
    .filter(({ rows }) => rows > 0)
    .map(({ from, rows, confidence, accuracy }) => {
      // Width grows with the band's size, so that a few prompts do not look like many.
      const width = (PLOT / bands.length - 4) * Math.max(0.15, Math.sqrt(rows / most))
      const left = x(from + 0.5 / bands.length) - width / 2
      return `<rect class="right" x="${round(left)}" y="${round(y(accuracy))}" width="${round(width)}" height="${round(accuracy * PLOT)}"><title>${rows} prompts: said ${percent(confidence)}, right ${percent(accuracy)}</title></rect>
<line class="said" x1="${round(left - 2)}" x2="${round(left + width + 2)}" y1="${round(y(confidence))}" y2="${round(y(confidence))}"/>`
    })
  const ticks = [0, 0.25, 0.5, 0.75, 1].map(
    (share) => `<line class="faint" x1="${LEFT}" x2="${LEFT + PLOT}" y1="${y(share)}" y2="${y(share)}"/>
<text x="${LEFT - 8}" y="${y(share) + 4}" text-anchor="end">${percent(share)}</text>
<text x="${x(share)}" y="${TOP + PLOT + 20}" text-anchor="middle">${share}</text>`,
  )
  return `<g>
${ticks.join('\n')}
${columns.join('\n')}
<text x="${LEFT}" y="${TOP - 10}">share that is right (columns), confidence said (lines)</text>
<text x="${LEFT + PLOT / 2}" y="${TOP + PLOT + 44}" text-anchor="middle">confidence</text>
</g>`
}

function confusion({ confusion, classes }: Evaluation, left: number): string {
  const cells = PROMPT_CLASSES.flatMap((label, row) =>
    PROMPT_CLASSES.map((found, column) => {
      const count = confusion[label][found]
      const share = classes[label].rows === 0 ? 0 : count / classes[label].rows
      const x = left + column * CELL
      const y = TOP + row * CELL
      const text = `x="${round(x + CELL / 2)}" text-anchor="middle"${share > 0.5 ? ' class="on"' : ''}`
      return `<rect class="cell" x="${round(x)}" y="${round(y)}" width="${round(CELL - 3)}" height="${round(CELL - 3)}" fill-opacity="${round(0.06 + 0.94 * share)}"/>
<text ${text} y="${round(y + CELL / 2 - 2)}" font-weight="600">${count}</text><text ${text} y="${round(y + CELL / 2 + 16)}">${percent(share)}</text>`
    }),
  )
  const names = PROMPT_CLASSES.flatMap((name, place) => [
    `<text x="${left - 10}" y="${round(TOP + (place + 0.5) * CELL)}" text-anchor="end">${shown(name)}</text>`,
    `<text x="${round(left + (place + 0.5) * CELL)}" y="${TOP + PLOT + 20}" text-anchor="middle">${shown(name)}</text>`,
  ])
  return `<g>
<text x="${left}" y="${TOP - 10}">labelled (rows), judged (columns)</text>
${cells.join('\n')}
${names.join('\n')}
</g>`
}

function shown(name: PromptClass): string {
  return name.replaceAll('_', ' ')
}

function round(length: number): number {
  return Math.round(length * 100) / 100
}

function percent(share: number): string {
  return `${(share * 100).toFixed(share === 0 || share === 1 ? 0 : 1)} %`
}
