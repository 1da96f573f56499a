import { Group, Paper, Text, Title } from '@mantine/core'
import type { ReactElement, ReactNode } from 'react'
import classes from './chart-frame.module.css'

interface SectionProps {
  readonly title: string
  readonly about?: ReactNode
  readonly tools?: ReactNode
  readonly children: ReactNode
}

/** A part of a page under its own heading. */
export function Section({ title, about, tools, children }: SectionProps): ReactElement {
  return (
    <Paper component="section" p="md" className={classes.frame ?? ''}>
      <Group justify="space-between" align="baseline" gap="xs" mb="sm">
        <div>
          <Title order={2} className={classes.title}>
            {title}
          </Title>
          {about !== undefined && (
            <Text size="xs" component="div" className="quiet">
              {about}
            </Text>
          )}
        </div>
        {tools}
      </Group>
      {children}
    </Paper>
  )
}
