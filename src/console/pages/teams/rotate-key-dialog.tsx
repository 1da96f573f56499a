import { Alert, Button, Group, Modal, Select, Stack, Text } from '@mantine/core'
import { type ReactElement, useState } from 'react'
import { RotatedKey } from '../../../admin/api/answers/teams.ts'
import { useChange, useFetchAgain } from '../../api/use-api.ts'
import { moment } from '../../wording/times.ts'
import { ShownKey } from './shown-key.tsx'

const GRACES = [
  { value: '0', label: 'stops working at once' },
  { value: '3600', label: 'works for another hour' },
  { value: '86400', label: 'works for another day' },
  { value: '604800', label: 'works for another week' },
]

interface Props {
  readonly team: string
  readonly id: string
  close(): void
}

/** Replaces a key by a new one; the old one keeps working for a while, so that no client is cut off. */
export function RotateKeyDialog({ team, id, close }: Props): ReactElement {
  const fetchAgain = useFetchAgain()
  const [grace, setGrace] = useState('86400')
  const rotate = useChange(
    (api) =>
      api.change(
        RotatedKey,
        'POST',
        `/api/teams/${encodeURIComponent(team)}/keys/${encodeURIComponent(id)}/rotate`,
        {
          grace_seconds: Number(grace),
        },
      ),
    () => void fetchAgain(),
  )
  return (
    <Modal opened onClose={close} title={`Rotate key ${id}`}>
      {rotate.data !== undefined ? (
        <ShownKey secret={rotate.data.key} close={close}>
          The old one works until {moment(rotate.data.old_serves_until)}.
        </ShownKey>
      ) : (
        <Stack gap="md">
          <Text size="sm">
            Creates a new key with the same budgets and limits; replace the old one with it.
          </Text>
          <Select
            label="The old key"
            size="sm"
            data={GRACES}
            value={grace}
            allowDeselect={false}
            onChange={(value) => value !== null && setGrace(value)}
          />
          {rotate.error !== null && (
            <Alert variant="default" title="Nothing was changed">
              {rotate.error.message}
            </Alert>
          )}
          <Group justify="flex-end">
            <Button variant="default" onClick={close}>
              Cancel
            </Button>
            <Button loading={rotate.isPending} onClick={() => rotate.mutate(undefined)} data-autofocus>
              Rotate now
            </Button>
          </Group>
        </Stack>
      )}
    </Modal>
  )
}
