import type { ReactElement } from 'react'
import { percent } from '../wording/numbers.ts'
import classes from './gauge.module.css'

interface GaugeProps {
  readonly limit: number
  readonly spent: number
  readonly held: number
  readonly label: string
}

/** The spent (solid) and held (pale) parts of a limit. */
export function Gauge({ limit, spent, held, label }: GaugeProps): ReactElement {
  const share = limit > 0 ? Math.min(1, spent / limit) : 1
  const taken = limit > 0 ? Math.min(1, (spent + held) / limit) : 1
  return (
    <svg
      className={classes.bar}
      data-state={stateOf(share)}
      viewBox="0 0 100 6"
      preserveAspectRatio="none"
      role="img"
      aria-label={`${label}: ${percent(share)} spent, ${percent(taken - share)} held`}
    >
      <rect className={classes.ground} width="100" height="6" />
      <rect className={classes.held} width={100 * taken} height="6" />
      <rect className={classes.spent} width={100 * share} height="6" />
    </svg>
  )
}

/** The end is near from three quarters on. */
function stateOf(share: number): 'bad' | 'near' | 'fine' {
  if (share >= 0.9) return 'bad'
  return share >= 0.75 ? 'near' : 'fine'
}
