import { Group, SegmentedControl } from '@mantine/core'
import { type ReactElement, useState } from 'react'
import { PageFrame } from '../../parts/page-frame.tsx'
import { AgreementView } from './agreement-view.tsx'
import { LabelQueue } from './queue.tsx'

const VIEWS = [
  { value: 'queue', label: 'Queue' },
  { value: 'agreement', label: 'Agreement' },
]

export default function ReviewPage(): ReactElement {
  const [view, setView] = useState('queue')
  return (
    <PageFrame
      title="Review"
      about={
        view === 'queue'
          ? 'The least certain and most costly requests first. Each label teaches the next weights.'
          : 'What people said, beside what the classifier had said.'
      }
      tools={
        <Group gap="xs">
          <SegmentedControl data={VIEWS} value={view} onChange={setView} aria-label="View" />
        </Group>
      }
    >
      {view === 'queue' ? (
        <LabelQueue team={undefined} />
      ) : (
        <AgreementView team={undefined} since={undefined} />
      )}
    </PageFrame>
  )
}
