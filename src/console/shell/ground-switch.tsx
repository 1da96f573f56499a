import { ActionIcon, Tooltip, useComputedColorScheme, useMantineColorScheme } from '@mantine/core'
import type { ReactElement } from 'react'
import { useKeys } from '../keys/use-keys.ts'
import { Icon } from '../parts/icon.tsx'

/** Light or dark. Follows the system until the user chooses. */
export function GroundSwitch(): ReactElement {
  const { setColorScheme } = useMantineColorScheme()
  const present = useComputedColorScheme('light', { getInitialValueInEffect: false })
  const other = present === 'light' ? 'dark' : 'light'
  const label = `Switch to ${other}`
  useKeys([{ keys: 'D', does: 'Light or dark', run: () => setColorScheme(other) }])
  return (
    <Tooltip label={label}>
      <ActionIcon
        variant="subtle"
        color="gray"
        size="md"
        onClick={() => setColorScheme(other)}
        aria-label={label}
      >
        <Icon name={other === 'dark' ? 'moon' : 'sun'} />
      </ActionIcon>
    </Tooltip>
  )
}
