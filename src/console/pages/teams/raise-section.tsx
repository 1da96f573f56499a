import { Button, Group, Stack, Text } from '@mantine/core'
import { type ReactElement, useState } from 'react'
import { z } from 'zod'
import type { TeamBudget } from '../../../admin/api/answers/teams.ts'
import { ShownRaise } from '../../../budget/raise-words.ts'
import { useAnswer, useChange, useFetchAgain } from '../../api/use-api.ts'
import { BudgetMeter } from '../../parts/budget-meter.tsx'
import { Section } from '../../parts/section.tsx'
import { usd } from '../../wording/money.ts'
import { ago } from '../../wording/times.ts'
import { RaiseDialog } from './raise-dialog.tsx'
import { perWindow } from './windows.ts'

const Raises = z.object({ raises: z.array(ShownRaise) })

interface Props {
  readonly budgets: readonly TeamBudget[]
  readonly mayChange: boolean
}

/** Budgets as bars, and the temporary raises on top of them. */
export function RaiseSection({ budgets, mayChange }: Props): ReactElement {
  const [isRaising, setRaising] = useState(false)
  const answer = useAnswer(Raises, '/api/budgets/raises')
  const ids = new Set(budgets.map(({ id }) => id))
  const raises = (answer.data?.raises ?? []).filter(({ budget }) => ids.has(budget))
  return (
    <Section
      title="Budgets"
      about="Spent, held by requests in flight, and what is left"
      tools={
        mayChange &&
        budgets.length > 0 && (
          <Button variant="default" onClick={() => setRaising(true)}>
            Raise temporarily
          </Button>
        )
      }
    >
      <Stack gap="lg">
        {budgets.length === 0 && (
          <Text size="sm" className="quiet">
            No budget: spending is not limited.
          </Text>
        )}
        {budgets.map((budget) => (
          <BudgetMeter key={budget.id} budget={budget} name={nameOf(budget)} />
        ))}
        {raises.map((raise) => (
          <Raise key={raise.id} raise={raise} mayChange={mayChange} />
        ))}
      </Stack>
      {isRaising && <RaiseDialog budgets={budgets} close={() => setRaising(false)} />}
    </Section>
  )
}

function Raise({ raise, mayChange }: { readonly raise: ShownRaise; readonly mayChange: boolean }) {
  const fetchAgain = useFetchAgain()
  const end = useChange(
    (api) =>
      api.change(ShownRaise, 'DELETE', `/api/budgets/raises/${raise.id}`, { reason: 'ended in the console' }),
    () => fetchAgain(),
  )
  return (
    <Group justify="space-between" wrap="nowrap">
      <div>
        <Text size="sm" className="numbers">
          +{usd(raise.usd)} on {raise.budget}, ends {ago(raise.until)}
        </Text>
        <Text size="xs" className="quiet">
          {raise.reason} · {raise.who}
          {end.error !== null && ` · ${end.error.message}`}
        </Text>
      </div>
      {mayChange && (
        <Button variant="subtle" flex="none" loading={end.isPending} onClick={() => end.mutate(undefined)}>
          End it
        </Button>
      )}
    </Group>
  )
}

function nameOf({ key, per }: TeamBudget): string {
  return key === null ? perWindow(per) : `${perWindow(per)}, key ${key}`
}
