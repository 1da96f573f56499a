import { Group, Paper, Stack, Text, Title } from '@mantine/core'
import type { ReactElement } from 'react'
import { Link } from 'wouter'
import type { TeamSummary } from '../../../admin/api/answers/teams.ts'
import { BudgetMeter } from '../../parts/budget-meter.tsx'
import { counted } from '../../wording/numbers.ts'
import classes from './team-card.module.css'
import { perWindow } from './windows.ts'

/** A team and the standing of its budgets; links to its page. */
export function TeamCard({ summary }: { readonly summary: TeamSummary }): ReactElement {
  const { team, budgets, keys } = summary
  return (
    <Paper p="lg" className={classes.card} component="section" aria-label={team}>
      <Group justify="space-between" mb="md">
        <Title order={2} size="lg">
          <Link href={`/teams/${encodeURIComponent(team)}`} className={classes.link}>
            {team}
          </Link>
        </Title>
        <Text size="xs" className="quiet numbers">
          {counted(keys, 'key')}
        </Text>
      </Group>
      <Stack gap="lg">
        {budgets.length === 0 && (
          <Text size="sm" className="quiet">
            No budget: spending is not limited.
          </Text>
        )}
        {budgets.map((budget) => (
          <BudgetMeter key={budget.id} budget={budget} name={perWindow(budget.per)} />
        ))}
      </Stack>
    </Paper>
  )
}
