import { Anchor, Grid, Stack } from '@mantine/core'
import type { ReactElement } from 'react'
import { Link, useParams } from 'wouter'
import { TeamPage as Answer } from '../../../admin/api/answers/teams.ts'
import { may, useSession } from '../../api/session.ts'
import { useAnswer } from '../../api/use-api.ts'
import { PageFrame } from '../../parts/page-frame.tsx'
import { Answered } from '../../parts/state.tsx'
import { KeySection } from './key-section.tsx'
import { RaiseSection } from './raise-section.tsx'
import { RuleList } from './rule-list.tsx'
import { SpendByDay } from './spend-by-day.tsx'

const EVERY_MS = 5_000

export default function TeamPage(): ReactElement {
  const { team = '' } = useParams<{ team: string }>()
  const role = useSession().data?.role ?? null
  const answer = useAnswer(Answer, `/api/teams/${encodeURIComponent(team)}`, {}, { every: EVERY_MS })
  const mayChange = may(role, 'admin')
  return (
    <PageFrame
      title={team}
      about={
        <Anchor component={Link} href="/teams" size="sm" underline="always">
          All teams
        </Anchor>
      }
    >
      <Answered of={answer} what="the team">
        {(page) => (
          <Grid gap="lg">
            <Grid.Col span={{ base: 12, lg: 7 }}>
              <Stack gap="lg">
                <RaiseSection budgets={budgetsOf(page)} mayChange={mayChange} />
                <KeySection page={page} mayChange={mayChange} />
              </Stack>
            </Grid.Col>
            <Grid.Col span={{ base: 12, lg: 5 }}>
              <Stack gap="lg">
                <SpendByDay days={page.spend} />
                <RuleList page={page} />
              </Stack>
            </Grid.Col>
          </Grid>
        )}
      </Answered>
    </PageFrame>
  )
}

/** Budgets of the team, then those of its keys. */
function budgetsOf({ budgets, keys }: Answer) {
  return [...budgets, ...keys.flatMap((key) => key.budgets)]
}
