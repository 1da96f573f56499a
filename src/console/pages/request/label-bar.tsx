import { Button, Group, Kbd } from '@mantine/core'
import type { ReactElement } from 'react'
import type { RequestPage } from '../../../admin/api/answers/request-page.ts'
import { PROMPT_CLASSES } from '../../../base/prompt-class.ts'
import { useKeys } from '../../keys/use-keys.ts'
import { CLASS_LOOKS } from '../../parts/class-names.ts'
import { useLabel } from './use-label.ts'

/** Labels a request with one key: `y` confirms the verdict, `1` to `3` choose the correct class. */
export function LabelBar({ row }: Pick<RequestPage, 'row'>): ReactElement {
  const label = useLabel(row.id)
  const verdict = row.class
  useKeys([
    ...(verdict === null ? [] : [{ keys: 'y', does: 'The verdict was right', run: () => label(verdict) }]),
    ...PROMPT_CLASSES.map((each, index) => ({
      keys: String(index + 1),
      does: `It should have been ${CLASS_LOOKS[each].name}`,
      run: () => label(each),
    })),
    { keys: 'u', does: 'Undo the last label', run: () => label('undo') },
  ])
  return (
    <Group gap={6}>
      {verdict !== null && (
        <Button
          variant={row.label === verdict ? 'filled' : 'default'}
          onClick={() => label(verdict)}
          rightSection={<Kbd size="xs">y</Kbd>}
        >
          Right
        </Button>
      )}
      <Button.Group>
        {PROMPT_CLASSES.map((each, index) => (
          <Button
            key={each}
            variant={row.label === each && each !== verdict ? 'filled' : 'default'}
            aria-pressed={row.label === each}
            onClick={() => label(each)}
            rightSection={<Kbd size="xs">{index + 1}</Kbd>}
          >
            {CLASS_LOOKS[each].short}
          </Button>
        ))}
      </Button.Group>
    </Group>
  )
}
