import { Group, Stack, Text } from '@mantine/core'
import type { ReactElement } from 'react'
import { Link } from 'wouter'
import type { Overview } from '../../../admin/api/answers/overview.ts'
import { Gauge } from '../../parts/gauge.tsx'
import { Section } from '../../parts/section.tsx'
import { Empty } from '../../parts/state.tsx'
import { usd } from '../../wording/money.ts'
import { ago } from '../../wording/times.ts'

/** How many are shown; the teams page has the rest. */
const SHOWN = 6

/** Budgets, the one closest to exhaustion first. */
export function BudgetList({ budgets }: Pick<Overview, 'budgets'>): ReactElement {
  return (
    <Section title="Budgets nearing their limit">
      {budgets.length === 0 ? (
        <Empty title="No budgets" height={120}>
          Give a team one under <code>teams.NAME.budgets</code>, and it is never overspent.
        </Empty>
      ) : (
        <Stack gap="sm">
          {budgets.slice(0, SHOWN).map((budget) => (
            <Budget key={budget.id} budget={budget} />
          ))}
        </Stack>
      )}
    </Section>
  )
}

function Budget({ budget }: { readonly budget: Overview['budgets'][number] }): ReactElement {
  const { team, key, per, limit_usd: limit, spent_usd: spent, held_usd: held, resets_at } = budget
  const name = key === null ? team : `${team}/${key}`
  return (
    <div>
      <Group justify="space-between" gap="xs" mb={5} wrap="nowrap">
        <Text size="sm" truncate>
          <Link href={`/teams/${encodeURIComponent(team)}`} className="plain">
            {name}
          </Link>{' '}
          <span className="quiet">
            {per === 'total' ? 'in total' : `per ${per}`}
            {resets_at !== null && `, resets ${ago(resets_at)}`}
          </span>
        </Text>
        <Text size="sm" className="numbers" style={{ whiteSpace: 'nowrap' }}>
          {usd(spent)} <span className="quiet">of {usd(limit)}</span>
          {held > 0 && <span className="quiet"> · {usd(held)} held</span>}
        </Text>
      </Group>
      <Gauge limit={limit} spent={spent} held={held} label={`${name}, ${per}`} />
    </div>
  )
}
