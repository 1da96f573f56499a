import type { ReactElement } from 'react'
import classes from './request.module.css'

interface PullProps {
  readonly name: string
  readonly amount: number
  /** The amount that fills half of the width. */
  readonly reach: number
  readonly colour: string
  /** The bar stands for several items together. */
  readonly isSum?: boolean
}

/** A name, a bar (right for, left against) and the amount in log-odds. */
export function Pull({ name, amount, reach, colour, isSum = false }: PullProps): ReactElement {
  const width = (50 * Math.abs(amount)) / reach
  return (
    <>
      <div className={classes.from} title={name}>
        {isSum ? name : <code>{name}</code>}
      </div>
      <svg className={classes.pull} viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">
        <rect
          x={amount < 0 ? 50 - width : 50}
          y="1.5"
          width={width}
          height="7"
          fill={colour}
          opacity={isSum ? 0.55 : 1}
        />
        <line
          x1="50"
          x2="50"
          y1="0"
          y2="10"
          stroke="var(--quiet)"
          strokeWidth="1"
          vectorEffect="non-scaling-stroke"
        />
      </svg>
      <div className={classes.amount}>{signed(amount)}</div>
    </>
  )
}

/** `+1.80`, `−0.51` */
export function signed(amount: number): string {
  return `${amount < 0 ? '−' : '+'}${Math.abs(amount).toFixed(2)}`
}
