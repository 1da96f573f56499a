import { Alert, Button, Group, Modal, Select, Stack, TextInput } from '@mantine/core'
import { type ReactElement, useState } from 'react'
import type { TeamBudget } from '../../../admin/api/answers/teams.ts'
import { ShownRaise } from '../../../budget/raise-words.ts'
import { useChange, useFetchAgain } from '../../api/use-api.ts'
import { dollarsIn } from '../../wording/amount.ts'

const HOUR_MS = 3_600_000
const LENGTHS = [
  { value: '1', label: 'an hour' },
  { value: '8', label: 'eight hours' },
  { value: '24', label: 'a day' },
  { value: '168', label: 'a week' },
  { value: '720', label: '30 days' },
]

interface Props {
  readonly budgets: readonly TeamBudget[]
  close(): void
}

/** A temporary raise: in force at once, ends by itself, kept in the audit forever. */
export function RaiseDialog({ budgets, close }: Props): ReactElement {
  const fetchAgain = useFetchAgain()
  const [budget, setBudget] = useState(budgets[0]?.id ?? '')
  const [amount, setAmount] = useState('')
  const dollars = dollarsIn(amount)
  const [hours, setHours] = useState('24')
  const [reason, setReason] = useState('')
  const raise = useChange(
    (api) =>
      api.change(ShownRaise, 'POST', '/api/budgets/raises', {
        budget,
        usd: dollars,
        until: new Date(Date.now() + Number(hours) * HOUR_MS).toISOString(),
        reason,
      }),
    async () => {
      await fetchAgain()
      close()
    },
  )
  return (
    <Modal opened onClose={close} title="Raise a budget temporarily">
      <form
        onSubmit={(event) => {
          event.preventDefault()
          raise.mutate(undefined)
        }}
      >
        <Stack gap="md">
          <Select
            label="Budget"
            size="sm"
            data={budgets.map(({ id }) => id)}
            value={budget}
            allowDeselect={false}
            onChange={(value) => value !== null && setBudget(value)}
          />
          <Group grow align="flex-start">
            <TextInput
              label="By"
              leftSection="$"
              inputMode="decimal"
              size="sm"
              data-autofocus
              value={amount}
              error={amount !== '' && dollars === undefined && 'Dollars, such as 1.50'}
              onChange={({ currentTarget }) => setAmount(currentTarget.value)}
            />
            <Select
              label="For"
              size="sm"
              data={LENGTHS}
              value={hours}
              allowDeselect={false}
              onChange={(value) => value !== null && setHours(value)}
            />
          </Group>
          <TextInput
            label="Why"
            size="sm"
            value={reason}
            onChange={({ currentTarget }) => setReason(currentTarget.value)}
          />
          {raise.error !== null && (
            <Alert variant="default" title="The budget was not raised">
              {raise.error.message}
            </Alert>
          )}
          <Group justify="flex-end">
            <Button variant="default" onClick={close}>
              Cancel
            </Button>
            <Button
              type="submit"
              loading={raise.isPending}
              disabled={dollars === undefined || reason.trim() === ''}
            >
              Raise
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  )
}
