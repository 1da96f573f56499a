import { Group, Paper, Text, Title } from '@mantine/core'
import type { ReactElement, ReactNode } from 'react'
import classes from './chart-frame.module.css'

interface LegendEntry {
  readonly name: string
  readonly colour: string
}

interface ChartFrameProps {
  readonly title: string
  /** One subdued line under the title: the unit, or what is counted. */
  readonly about?: string
  readonly legend?: readonly LegendEntry[]
  /** What the chart says, for users who cannot see it. */
  readonly says: string
  readonly children: ReactNode
}

/** A chart with its title, its legend and its message in words. */
export function ChartFrame({ title, about, legend = [], says, children }: ChartFrameProps): ReactElement {
  return (
    <Paper component="section" p="md" className={classes.frame ?? ''}>
      <Group justify="space-between" align="baseline" gap="xs" mb="sm">
        <div>
          <Title order={2} className={classes.title}>
            {title}
          </Title>
          {about !== undefined && (
            <Text size="xs" className="quiet">
              {about}
            </Text>
          )}
        </div>
        <Group gap="sm">
          {legend.map(({ name, colour }) => (
            <Text key={name} size="xs" className={classes.entry ?? ''}>
              <svg width="8" height="8" aria-hidden="true">
                <rect width="8" height="8" rx="2" fill={colour} />
              </svg>
              {name}
            </Text>
          ))}
        </Group>
      </Group>
      <div role="img" aria-label={says} className="numbers">
        {children}
      </div>
    </Paper>
  )
}
