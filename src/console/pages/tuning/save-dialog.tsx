import { Alert, Button, Group, Modal, Stack, Text, TextInput } from '@mantine/core'
import { type ReactElement, useState } from 'react'
import { CandidatePage } from '../../../admin/api/answers/tuning.ts'
import { useChange, useFetchAgain } from '../../api/use-api.ts'
import { type Draft, hasOtherThresholds } from './use-draft.ts'

interface Props {
  readonly draft: Draft
  close(): void
  /** Called with the candidate created from the draft. */
  saved(version: string): void
}

/** Makes a candidate of the draft: its rules and thresholds, with the weights of its base. */
export function SaveDialog({ draft, close, saved }: Props): ReactElement {
  const fetchAgain = useFetchAgain()
  const [note, setNote] = useState('')
  const make = useChange(
    (api) =>
      api.change(CandidatePage.shape.manifest, 'POST', '/api/tuning/candidates', {
        rules: draft.text,
        based_on: draft.base,
        ...(hasOtherThresholds(draft) && {
          thresholds: { abstain_below: draft.abstainBelow, abstain_to: draft.abstainTo },
        }),
        note,
      }),
    async ({ version }) => {
      await fetchAgain('/api/tuning')
      saved(version)
    },
  )
  return (
    <Modal opened onClose={close} title="Save as candidate">
      <form
        onSubmit={(event) => {
          event.preventDefault()
          make.mutate(undefined)
        }}
      >
        <Stack gap="md">
          <Text size="sm" className="quiet">
            A candidate never changes and decides nothing until it is promoted.
          </Text>
          <TextInput
            label="Note"
            placeholder="what it changes, and why"
            data-autofocus
            size="sm"
            value={note}
            onChange={({ currentTarget }) => setNote(currentTarget.value)}
          />
          {make.error !== null && (
            <Alert variant="default" title="It was not saved">
              {make.error.message}
            </Alert>
          )}
          <Group justify="flex-end">
            <Button variant="default" onClick={close}>
              Cancel
            </Button>
            <Button type="submit" loading={make.isPending}>
              Save
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  )
}
