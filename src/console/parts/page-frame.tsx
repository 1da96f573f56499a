import { Group, Text, Title } from '@mantine/core'
import { type ReactElement, type ReactNode, useEffect } from 'react'
import classes from './page-frame.module.css'

interface PageFrameProps {
  readonly title: string
  /** One quiet line: what is looked at. */
  readonly about?: ReactNode
  /** What the page is steered by, at its right. */
  readonly tools?: ReactNode
  readonly children: ReactNode
}

/** A page's head and what stands under it. */
export function PageFrame({ title, about, tools, children }: PageFrameProps): ReactElement {
  useEffect(() => {
    document.title = `${title} · Trivium`
  }, [title])
  return (
    <div className={classes.page}>
      <Group component="header" justify="space-between" align="flex-end" gap="md" mb="lg">
        <div>
          <Title order={1} className={classes.title}>
            {title}
          </Title>
          {about !== undefined && (
            <Text component="div" size="sm" className="quiet">
              {about}
            </Text>
          )}
        </div>
        <Group gap="xs">{tools}</Group>
      </Group>
      {children}
    </div>
  )
}
