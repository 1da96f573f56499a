import { SimpleGrid } from '@mantine/core'
import type { ReactElement } from 'react'
import { Teams } from '../../../admin/api/answers/teams.ts'
import { useAnswer } from '../../api/use-api.ts'
import { PageFrame } from '../../parts/page-frame.tsx'
import { Answered, Empty } from '../../parts/state.tsx'
import { TeamCard } from './team-card.tsx'

const EVERY_MS = 5_000

export default function TeamsPage(): ReactElement {
  const teams = useAnswer(Teams, '/api/teams', {}, { every: EVERY_MS })
  return (
    <PageFrame title="Teams" about="What each may spend, has spent, and holds for requests in flight.">
      <Answered of={teams} what="teams">
        {(answer) =>
          answer.teams.length === 0 ? (
            <Empty title="No teams">The configuration names none.</Empty>
          ) : (
            <SimpleGrid cols={{ base: 1, md: 2, xl: 3 }} spacing="lg">
              {answer.teams.map((summary) => (
                <TeamCard key={summary.team} summary={summary} />
              ))}
            </SimpleGrid>
          )
        }
      </Answered>
    </PageFrame>
  )
}
