import type { ReactElement } from 'react'
import classes from './interval-bar.module.css'

interface Props {
  readonly share: number | null
  readonly interval: readonly [number, number] | null
}

/**
 * A share between 0 and 1 as a dot, with its confidence interval as a line. The figures are shown beside it.
 */
export function IntervalBar({ share, interval }: Props): ReactElement {
  const at = (part: number) => `${100 * part}%`
  return (
    <div className={classes.track} aria-hidden="true">
      {interval !== null && (
        <div className={classes.range} style={{ left: at(interval[0]), right: at(1 - interval[1]) }} />
      )}
      {share !== null && <div className={classes.dot} style={{ left: at(share) }} />}
    </div>
  )
}
