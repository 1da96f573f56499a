import { Group, Kbd, Modal, Stack, Text } from '@mantine/core'
import { type ReactElement, useContext } from 'react'
import { KeyBookContext } from '../keys/use-keys.ts'

/** `?`: the keyboard shortcuts available here. */
export function KeyList({ opened, close }: { readonly opened: boolean; close(): void }): ReactElement {
  const book = useContext(KeyBookContext)
  return (
    <Modal opened={opened} onClose={close} title="Keys" size="sm">
      <Stack gap={6}>
        {opened &&
          book.listed().map(({ keys, does }) => (
            <Group key={keys} justify="space-between" wrap="nowrap">
              <Text size="sm">{does}</Text>
              <Group gap={4}>
                {keys.split(' ').map((key) => (
                  <Kbd key={key} size="xs">
                    {NAMES[key] ?? key}
                  </Kbd>
                ))}
              </Group>
            </Group>
          ))}
      </Stack>
    </Modal>
  )
}

const NAMES: Readonly<Record<string, string>> = { Enter: '↵', Escape: 'esc', ArrowDown: '↓', ArrowUp: '↑' }
