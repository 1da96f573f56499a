import { Paper, Text, Timeline } from '@mantine/core'
import type { ReactElement } from 'react'
import type { JournalEntry } from '../../../tuning/journal-entry.ts'
import { Empty } from '../../parts/state.tsx'
import { moment } from '../../wording/times.ts'
import { Version } from './standing.tsx'

/** Who decided what, when and based on which figures; newest first. */
export function HistoryList({ history }: { readonly history: readonly JournalEntry[] }): ReactElement {
  if (history.length === 0) {
    return (
      <Paper>
        <Empty title="Nothing decided yet">Promotions, shadows and rollbacks are listed here for good.</Empty>
      </Paper>
    )
  }
  return (
    <Paper p="lg" component="section" aria-label="History">
      <Timeline bulletSize={14} lineWidth={2} active={0}>
        {history.map((entry) => (
          <Timeline.Item key={entry.number} title={<Title entry={entry} />}>
            <Text size="sm">{entry.why}</Text>
            <Text size="xs" className="quiet">
              {moment(entry.at)}, by {entry.by}
            </Text>
          </Timeline.Item>
        ))}
      </Timeline>
    </Paper>
  )
}

function Title({ entry }: { readonly entry: JournalEntry }) {
  if (entry.action === 'shadow') {
    return entry.shadow === null ? (
      'Ended the shadow'
    ) : (
      <>
        Set as shadow <Version of={entry.shadow} />
      </>
    )
  }
  const what = entry.action === 'promote' ? 'Promoted' : 'Rolled back to'
  return (
    <>
      {what} {entry.live === null ? 'the configuration’s own rules' : <Version of={entry.live} />}
    </>
  )
}
