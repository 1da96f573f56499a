import { Grid, Stack, Text } from '@mantine/core'
import type { ReactElement } from 'react'
import { Me } from '../../../admin/api/answers/me.ts'
import { useAnswer } from '../../api/use-api.ts'
import { BudgetMeter } from '../../parts/budget-meter.tsx'
import { PageFrame } from '../../parts/page-frame.tsx'
import { Section } from '../../parts/section.tsx'
import { Answered } from '../../parts/state.tsx'
import { ago } from '../../wording/times.ts'
import { limitsInWords } from '../teams/limits.ts'
import { SpendByDay } from '../teams/spend-by-day.tsx'
import { perWindow } from '../teams/windows.ts'
import { OwnRequests } from './own-requests.tsx'

const EVERY_MS = 5_000

/** A key holder's own view: remaining budget and own requests, nothing about others. */
export default function OwnPage(): ReactElement {
  const me = useAnswer(Me, '/api/me', {}, { every: EVERY_MS })
  return (
    <PageFrame title="My key" about={me.data === undefined ? undefined : aboutOf(me.data)}>
      <Answered of={me} what="your key">
        {(answer) => (
          <Grid gap="lg">
            <Grid.Col span={{ base: 12, lg: 7 }}>
              <Stack gap="lg">
                <Budgets me={answer} />
                <Limits me={answer} />
              </Stack>
            </Grid.Col>
            <Grid.Col span={{ base: 12, lg: 5 }}>
              <SpendByDay days={answer.spend} />
            </Grid.Col>
            <Grid.Col span={12}>
              <OwnRequests requests={answer.requests} />
            </Grid.Col>
          </Grid>
        )}
      </Answered>
    </PageFrame>
  )
}

function aboutOf({ team, key, expires }: Me): string {
  return `${key}, of team ${team}; ${expires === null ? 'it never expires' : `it expires ${ago(expires)}`}`
}

function Budgets({ me: { budgets } }: { readonly me: Me }) {
  return (
    <Section title="Left to spend" about="Every request needs room in all of them">
      <Stack gap="lg">
        {budgets.length === 0 && (
          <Text size="sm" className="quiet">
            No budget applies to this key.
          </Text>
        )}
        {budgets.map((budget) => (
          <BudgetMeter
            key={budget.id}
            budget={budget}
            name={`${perWindow(budget.per)}, ${budget.key === null ? 'the whole team' : 'this key'}`}
          />
        ))}
      </Stack>
    </Section>
  )
}

function Limits({ me: { limits, team_limits, models } }: { readonly me: Me }) {
  const lines = [
    `This key: ${limitsInWords(limits)}`,
    `The whole team: ${limitsInWords(team_limits)}`,
    `Models: ${models === null ? 'all' : models.join(', ')}`,
  ]
  return (
    <Section title="Limits">
      <Stack gap={4}>
        {lines.map((line) => (
          <Text key={line} size="sm" className="numbers">
            {line}
          </Text>
        ))}
      </Stack>
    </Section>
  )
}
