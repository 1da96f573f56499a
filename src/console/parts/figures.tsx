import { Paper, Text } from '@mantine/core'
import type { ReactElement, ReactNode } from 'react'
import classes from './figures.module.css'

interface Figure {
  readonly name: string
  readonly value: string
  readonly about?: ReactNode
  readonly colour?: string | undefined
}

/** A row of large figures, the first thing read on a page. */
export function Figures({ figures }: { readonly figures: readonly Figure[] }): ReactElement {
  return (
    <Paper component="dl" className={classes.row ?? ''} data-count={figures.length} m={0}>
      {figures.map(({ name, value, about, colour }) => (
        <div key={name} className={classes.figure}>
          <Text component="dt" size="xs" fw={500} className="quiet">
            {name}
          </Text>
          <dd className={classes.value} style={colour === undefined ? undefined : { color: colour }}>
            {value}
          </dd>
          {about !== undefined && (
            <Text component="dd" size="xs" m={0} className="quiet">
              {about}
            </Text>
          )}
        </div>
      ))}
    </Paper>
  )
}
