import { Stack } from '@mantine/core'
import type { ReactElement } from 'react'
import { Overview as OverviewAnswer } from '../../../admin/api/answers/overview.ts'
import { useAnswer } from '../../api/use-api.ts'
import { PageFrame } from '../../parts/page-frame.tsx'
import { Answered } from '../../parts/state.tsx'
import { useLook, WindowPicker } from '../../parts/window-picker.tsx'
import { moment } from '../../wording/times.ts'
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
  const about =
    data === undefined
      ? undefined
      : data.complete
        ? `Since ${moment(data.from)}`
        : `Older requests are still being counted: so far those since ${moment(data.counted_from)}`
  return (
    <PageFrame title="Overview" about={about} tools={<WindowPicker />}>
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
