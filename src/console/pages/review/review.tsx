import { SegmentedControl, Select } from '@mantine/core'
import type { ReactElement } from 'react'
import { useSearchParams } from 'wouter'
import { useTeamNames } from '../../api/team-names.ts'
import { PageFrame } from '../../parts/page-frame.tsx'
import { useView, ViewPicker } from '../../parts/view-picker.tsx'
import { AgreementView } from './agreement-view.tsx'
import { LabelQueue } from './queue.tsx'

const VIEWS = [
  { value: 'queue', label: 'Queue' },
  { value: 'agreement', label: 'Agreement' },
] as const
const TIMES = [
  { value: '7', label: '7d' },
  { value: '30', label: '30d' },
  { value: 'all', label: 'All' },
]
const HOUR_MS = 3_600_000

/** Reviewing verdicts: labelling one request after another, and the resulting agreement. */
export default function ReviewPage(): ReactElement {
  const [view, show] = useView(VIEWS)
  const [search, setSearch] = useSearchParams()
  const team = search.get('team') ?? undefined
  const days = search.get('days') ?? 'all'
  const set = (name: string, value: string | null) =>
    setSearch((before) => {
      if (value === null) before.delete(name)
      else before.set(name, value)
      return before
    })
  const isQueue = view === 'queue'
  return (
    <PageFrame
      title="Review"
      about={
        isQueue
          ? 'Least certain and most expensive requests first. Every label helps train the next weights.'
          : 'What people said, next to what the classifier said.'
      }
      tools={
        <>
          <Select
            aria-label="Team"
            placeholder="All teams"
            data={[...useTeamNames(team)]}
            value={team ?? null}
            onChange={(value) => set('team', value)}
            clearable
            w={150}
          />
          {!isQueue && (
            <SegmentedControl
              aria-label="Time"
              data={TIMES}
              value={days}
              onChange={(value) => set('days', value)}
            />
          )}
          <ViewPicker views={VIEWS} value={view} onChange={show} />
        </>
      }
    >
      {isQueue ? <LabelQueue team={team} key={team} /> : <AgreementView team={team} since={sinceOf(days)} />}
    </PageFrame>
  )
}

/** Rounded to the hour, so that the query stays the same, and cached, for a while. */
function sinceOf(days: string): string | undefined {
  const count = Number(days)
  if (!Number.isFinite(count)) return undefined
  const hour = Math.floor(Date.now() / HOUR_MS)
  return new Date((hour - count * 24) * HOUR_MS).toISOString()
}
