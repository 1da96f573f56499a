import { Text } from '@mantine/core'
import type { Agreement } from '../../../admin/api/answers/agreement.ts'
import classes from './reliability-plot.module.css'

type Band = Agreement['reliability'][number]

const SIDE = 260
const LEFT = 36
const TOP = 16
const BOTTOM = 34
/** Radius for the band with the most labels. */
const LARGEST = 13
const TICKS = [0, 0.25, 0.5, 0.75, 1]

const across = (confidence: number) => LEFT + SIDE * confidence
const up = (share: number) => TOP + SIDE * (1 - share)

/** The classifier's stated confidence against how often it was right: on the diagonal the two agree. */
export function ReliabilityPlot({ bands }: { readonly bands: Agreement['reliability'] }) {
  const told = bands.filter(({ count }) => count > 0)
  const most = Math.max(1, ...told.map(({ count }) => count))
  return (
    <figure className={classes.figure}>
      <svg
        viewBox={`0 0 ${LEFT + SIDE + 20} ${TOP + SIDE + BOTTOM}`}
        role="img"
        aria-label={`Reliability: ${told.map(wordsOf).join('; ')}`}
      >
        {TICKS.map((tick) => (
          <g key={tick} className={classes.tick}>
            <line x1={LEFT} x2={LEFT + SIDE} y1={up(tick)} y2={up(tick)} />
            <text x={LEFT - 6} y={up(tick) + 4} textAnchor="end">
              {tick * 100}
            </text>
            <text x={across(tick)} y={TOP + SIDE + 16} textAnchor="middle">
              {tick * 100}
            </text>
          </g>
        ))}
        <line className={classes.diagonal} x1={across(0)} y1={up(0)} x2={across(1)} y2={up(1)} />
        {told.map((band) => (
          <circle
            key={band.from}
            className={classes.band}
            cx={across(band.confidence ?? 0)}
            cy={up(band.right ?? 0)}
            r={3 + (LARGEST - 3) * Math.sqrt(band.count / most)}
          >
            <title>{wordsOf(band)}</title>
          </circle>
        ))}
        <text className={classes.axis} x={LEFT + SIDE / 2} y={TOP + SIDE + 31} textAnchor="middle">
          confidence, %
        </text>
      </svg>
      <Text component="figcaption" size="xs" className="quiet">
        Upwards: how often it was right, %. Larger dots mean more labels.
      </Text>
    </figure>
  )
}

function wordsOf({ count, confidence, right }: Band): string {
  const percent = (share: number | null) => (share === null ? '–' : `${(100 * share).toFixed(0)} %`)
  return `${count} labels, sure ${percent(confidence)}, right ${percent(right)}`
}
