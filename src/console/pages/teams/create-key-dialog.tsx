import { Alert, Button, Group, Modal, Stack, TextInput } from '@mantine/core'
import { type ReactElement, useState } from 'react'
import { MadeKey } from '../../../admin/api/answers/teams.ts'
import { useChange, useFetchAgain } from '../../api/use-api.ts'
import { ShownKey } from './shown-key.tsx'

interface Props {
  readonly team: string
  close(): void
}

export function CreateKeyDialog({ team, close }: Props): ReactElement {
  const fetchAgain = useFetchAgain()
  const [id, setId] = useState('')
  const [expires, setExpires] = useState('')
  const create = useChange(
    (api) =>
      api.change(MadeKey, 'POST', `/api/teams/${encodeURIComponent(team)}/keys`, {
        ...(id !== '' && { id }),
        ...(expires !== '' && { expires }),
      }),
    () => void fetchAgain(),
  )
  return (
    <Modal
      opened
      onClose={close}
      title={`Create a key of ${team}`}
      // The key is shown once.
      closeOnEscape={create.data === undefined}
      closeOnClickOutside={create.data === undefined}
    >
      {create.data !== undefined ? (
        <ShownKey secret={create.data.key} close={close} />
      ) : (
        <form
          onSubmit={(event) => {
            event.preventDefault()
            create.mutate(undefined)
          }}
        >
          <Stack gap="md">
            <TextInput
              label="Name"
              description="Recorded in the ledger with every request; empty: a generated one."
              size="sm"
              data-autofocus
              value={id}
              onChange={({ currentTarget }) => setId(currentTarget.value)}
            />
            <TextInput
              label="Expires"
              description="The key is refused from the start of that day (UTC); empty: never."
              type="date"
              size="sm"
              value={expires}
              onChange={({ currentTarget }) => setExpires(currentTarget.value)}
            />
            {create.error !== null && (
              <Alert variant="default" title="No key was created">
                {create.error.message}
              </Alert>
            )}
            <Group justify="flex-end">
              <Button variant="default" onClick={close}>
                Cancel
              </Button>
              <Button type="submit" loading={create.isPending}>
                Create
              </Button>
            </Group>
          </Stack>
        </form>
      )}
    </Modal>
  )
}
