import { Alert, Button, Group, Modal, Stack, Text } from '@mantine/core'
import type { ReactElement } from 'react'
import { RevokedKey } from '../../../admin/api/answers/teams.ts'
import { useChange, useFetchAgain } from '../../api/use-api.ts'

interface Props {
  readonly team: string
  readonly id: string
  close(): void
}

export function RevokeKeyDialog({ team, id, close }: Props): ReactElement {
  const fetchAgain = useFetchAgain()
  const revoke = useChange(
    (api) =>
      api.change(
        RevokedKey,
        'DELETE',
        `/api/teams/${encodeURIComponent(team)}/keys/${encodeURIComponent(id)}`,
      ),
    async () => {
      await fetchAgain()
      close()
    },
  )
  return (
    <Modal opened onClose={close} title={`Revoke key ${id}`}>
      <Stack gap="md">
        <Text size="sm">
          Requests with this key are refused from now on. What it has spent stays with the team. This cannot
          be undone.
        </Text>
        {revoke.error !== null && (
          <Alert variant="default" title="It was not revoked">
            {revoke.error.message}
          </Alert>
        )}
        <Group justify="flex-end">
          <Button variant="default" onClick={close} data-autofocus>
            Cancel
          </Button>
          <Button color="red" loading={revoke.isPending} onClick={() => revoke.mutate(undefined)}>
            Revoke now
          </Button>
        </Group>
      </Stack>
    </Modal>
  )
}
