import { Group, Text, Title } from '@mantine/core'
import { type ReactElement, type ReactNode, useEffect } from 'react'
import classes from './page-frame.module.css'

interface PageFrameProps {
  readonly title: string
  /** One subdued line: what the page shows. */
  readonly about?: ReactNode
  /** Controls of the page, at its right. */
  readonly tools?: ReactNode
  readonly children: ReactNode
}

/** A page's header and content. */
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
