import { Stack } from '@mantine/core'
import type { ReactElement } from 'react'
import { Overview as OverviewAnswer } from '../../../admin/api/answers/overview.ts'
import { useAnswer } from '../../api/use-api.ts'
import { PageFrame } from '../../parts/page-frame.tsx'
import { Answered } from '../../parts/state.tsx'
import { useLook, WindowPicker } from '../../parts/window-picker.tsx'
import { moment, stillCounted } from '../../wording/times.ts'
import { BudgetList } from './budget-list.tsx'
import { ConfidenceChart } from './confidence-chart.tsx'
import { ErrorChart } from './error-chart.tsx'
import { Headline } from './headline.tsx'
import { HealthList } from './health-list.tsx'
import { LatencyChart } from './latency-chart.tsx'
import classes from './overview.module.css'
import { RetirementList } from './retirement-list.tsx'
import { SpendChart } from './spend-chart.tsx'
import { TrafficChart } from './traffic-chart.tsx'

const EVERY_MS = 30_000

export default function Overview(): ReactElement {
  const { window, team } = useLook()
  const overview = useAnswer(OverviewAnswer, '/api/overview', { window, team }, { every: EVERY_MS })
  const { data } = overview
  return (
    <PageFrame title="Overview" about={data && coverageOf(data)} tools={<WindowPicker />}>
      <Answered of={overview} what="the overview" height={480}>
        {(answer) => (
          <Stack gap="md">
            <Headline {...answer} />
            <div className={classes.wide}>
              <TrafficChart {...answer} />
              <ConfidenceChart {...answer} />
            </div>
            <div className={classes.thirds}>
              <SpendChart {...answer} />
              <LatencyChart {...answer} />
              <ErrorChart {...answer} />
            </div>
            <div className={classes.lists}>
              <BudgetList budgets={answer.budgets} />
              <RetirementList retirements={answer.retirements} />
              <HealthList health={answer.health} />
            </div>
          </Stack>
        )}
      </Answered>
    </PageFrame>
  )
}

function coverageOf({ complete, from, counted_from: countedFrom }: OverviewAnswer): string {
  return complete ? `Since ${moment(from)}` : stillCounted(countedFrom)
}
