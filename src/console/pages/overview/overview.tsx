import type { ReactElement } from 'react'
import { PageFrame } from '../../parts/page-frame.tsx'
import { Empty } from '../../parts/state.tsx'

export default function Overview(): ReactElement {
  return (
    <PageFrame title="Overview">
      <Empty title="Nothing yet" />
    </PageFrame>
  )
}
