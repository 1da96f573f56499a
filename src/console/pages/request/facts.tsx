import type { ReactElement, ReactNode } from 'react'
import classes from './request.module.css'

interface FactsProps {
  readonly facts: readonly (readonly [string, ReactNode])[]
  /** The values are figures to be aligned. */
  readonly aligned?: boolean
}

/** Names and values in two columns. */
export function Facts({ facts, aligned = false }: FactsProps): ReactElement {
  return (
    <dl className={classes.facts} data-aligned={aligned}>
      {facts.map(([name, value]) => (
        <div key={name} className={classes.fact}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  )
}
