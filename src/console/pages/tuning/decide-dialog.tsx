import { Alert, Button, Group, Modal, Stack, Text } from '@mantine/core'
import type { ReactElement } from 'react'
import { JournalEntry } from '../../../tuning/journal-entry.ts'
import { useChange, useFetchAgain } from '../../api/use-api.ts'
import { Version } from './standing.tsx'

/** A decision waiting to be confirmed. */
export type Wish =
  | { readonly action: 'promote'; readonly version: string }
  | { readonly action: 'shadow'; readonly version: string | null }
  | { readonly action: 'rollback' }

interface Props {
  readonly wish: Wish
  close(): void
}

/** Asks for confirmation, decides, and shows why the server refused, if it did. */
export function DecideDialog({ wish, close }: Props): ReactElement {
  const fetchAgain = useFetchAgain()
  const decide = useChange(
    (api) => {
      const { action, ...body } = wish
      return api.change(JournalEntry, 'POST', `/api/tuning/${action}`, body)
    },
    async () => {
      await fetchAgain('/api/tuning')
      close()
    },
  )
  const { title, does, says } = WORDS[wish.action]
  return (
    <Modal opened onClose={close} title={title}>
      <Stack gap="md">
        {'version' in wish && wish.version !== null && (
          <Group>
            <Version of={wish.version} />
          </Group>
        )}
        <Text size="sm">{says}</Text>
        {decide.error !== null && (
          <Alert variant="default" title="Refused">
            {decide.error.message}
          </Alert>
        )}
        <Group justify="flex-end">
          <Button variant="default" onClick={close}>
            Cancel
          </Button>
          <Button loading={decide.isPending} onClick={() => decide.mutate(undefined)} data-autofocus>
            {does}
          </Button>
        </Group>
      </Stack>
    </Modal>
  )
}

const WORDS = {
  promote: {
    title: 'Promote a candidate',
    does: 'Promote now',
    says: 'It is first compared with what is live, on labelled requests and on the shipped evaluation set, and refused if it loses more than a point. Then it decides every new request; those in flight finish as they started.',
  },
  shadow: {
    title: 'Shadow',
    does: 'Confirm',
    says: 'A shadow classifies every request alongside what is live, after its answer has been sent, and decides nothing.',
  },
  rollback: {
    title: 'Roll back',
    does: 'Roll back now',
    says: 'What was live before the last promotion is live again from the next request on. Nothing is lost: the candidate stays.',
  },
} as const
