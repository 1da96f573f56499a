import { Group, Paper, Select, Stack, Text, Title } from '@mantine/core'
import { type ReactElement, useState } from 'react'
import { ShadowPage } from '../../../admin/api/answers/tuning.ts'
import { useAnswer } from '../../api/use-api.ts'
import { Answered } from '../../parts/state.tsx'
import { MoveTable } from './move-table.tsx'
import { ReplayFigures } from './replay-figures.tsx'
import { Version } from './standing.tsx'
import { sinceOf, WINDOWS } from './windows.ts'

/** What candidates running in shadow would have decided differently. */
export function ShadowPanel(): ReactElement {
  const [days, setDays] = useState('7')
  const [since, setSince] = useState(() => sinceOf('7'))
  const report = useAnswer(ShadowPage, '/api/tuning/shadow', { since })
  return (
    <Stack gap="lg">
      <Group>
        <Select
          aria-label="Requests of the"
          data={WINDOWS}
          allowDeselect={false}
          value={days}
          onChange={(value) => {
            if (value === null) return
            setDays(value)
            setSince(sinceOf(value))
          }}
        />
      </Group>
      <Answered of={report} what="what shadows made of requests">
        {({ shadows }) =>
          shadows.length === 0 ? (
            <Text className="quiet">
              No shadow classified any of these requests. Make a candidate one under Candidates.
            </Text>
          ) : (
            shadows.map((shadow) => (
              <Shadow key={shadow.rules_version + shadow.weights_version} shadow={shadow} />
            ))
          )
        }
      </Answered>
    </Stack>
  )
}

function Shadow({ shadow }: { readonly shadow: ShadowPage['shadows'][number] }) {
  const { rules_version: rules, weights_version: weights, rows, moved, moves, labelled } = shadow
  const name = `${rules.slice(0, 6)}${weights.slice(0, 6)}`
  return (
    <Paper p="lg" mb="lg" component="section" aria-label={`Shadow ${name}`}>
      <Stack gap="md">
        <Group gap="xs">
          <Title order={2} size="md">
            Shadow
          </Title>
          <Version of={name} />
        </Group>
        <ReplayFigures report={{ moved, replayed: rows, models: moves, labelled }} done="judged beside" />
        {moves.length > 0 && <MoveTable title="class" moves={moves} />}
        <Text size="xs" className="quiet">
          Costs are those of the same tokens at the model the other class goes to first: what a model that
          reasons thinks, and prompt caches that are lost, are not in them.
        </Text>
      </Stack>
    </Paper>
  )
}
