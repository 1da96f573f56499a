import type { ReactElement } from 'react'
import type { PromptClass } from '../../base/prompt-class.ts'
import classes from './class-mark.module.css'
import { CLASS_LOOKS } from './class-names.ts'

/** A class by colour and name; `short` for narrow places. */
export function ClassMark({
  of,
  short = false,
}: {
  readonly of: PromptClass | 'none' | null
  readonly short?: boolean
}): ReactElement {
  const look = CLASS_LOOKS[of ?? 'none']
  return (
    <span className={classes.mark}>
      <svg width="8" height="8" aria-hidden="true">
        <circle cx="4" cy="4" r="4" fill={look.colour} />
      </svg>
      {short ? look.short : look.name}
    </span>
  )
}
