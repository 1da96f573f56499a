import type { ReactElement, ReactNode } from 'react'
import classes from './request.module.css'

/** Names and what they are, in two columns. */
export function Facts({
  facts,
}: {
  readonly facts: readonly (readonly [string, ReactNode])[]
}): ReactElement {
  return (
    <dl className={classes.facts}>
      {facts.map(([name, value]) => (
        <div key={name} className={classes.fact}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  )
}
