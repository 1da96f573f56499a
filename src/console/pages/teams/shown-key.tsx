import { Alert, Button, Code, CopyButton, Group, Stack, Text } from '@mantine/core'
import type { ReactElement, ReactNode } from 'react'

interface Props {
  readonly secret: string
  readonly children?: ReactNode
  close(): void
}

/** A newly created key, which cannot be shown again. */
export function ShownKey({ secret, children, close }: Props): ReactElement {
  return (
    <Stack gap="md">
      <Alert variant="default" title="Copy it now">
        Only its hash is kept. Nobody can show it again, not even an admin.
      </Alert>
      <Code block aria-label="The new key" style={{ overflowWrap: 'anywhere', whiteSpace: 'pre-wrap' }}>
        {secret}
      </Code>
      {children !== undefined && (
        <Text size="sm" className="quiet">
          {children}
        </Text>
      )}
      <Group justify="flex-end">
        <CopyButton value={secret}>
          {({ copied, copy }) => (
            <Button variant="default" onClick={copy}>
              {copied ? 'Copied' : 'Copy'}
            </Button>
          )}
        </CopyButton>
        <Button onClick={close}>Done</Button>
      </Group>
    </Stack>
  )
}
