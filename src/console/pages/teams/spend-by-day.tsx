import { BarChart } from '@mantine/charts'
import type { ReactElement } from 'react'
import { ChartFrame } from '../../parts/chart-frame.tsx'
import { CHART_LOOK } from '../../parts/chart-look.ts'
import { Empty } from '../../parts/state.tsx'
import { axisUsd, usd } from '../../wording/money.ts'
import { day } from '../../wording/times.ts'

interface Props {
  readonly days: readonly { readonly day: string; readonly cost_usd: number }[]
}

/** Spend on each of the last days. */
export function SpendByDay({ days }: Props): ReactElement {
  const sum = days.reduce((all, each) => all + each.cost_usd, 0)
  return (
    <ChartFrame
      title="Spend by day"
      about={`${usd(sum)} in the last 30 days`}
      says={`Spend by day: ${days.map((each) => `${day(each.day)} ${usd(each.cost_usd)}`).join(', ')}`}
    >
      {days.length === 0 ? (
        <Empty title="Nothing spent" height={160} />
      ) : (
        <BarChart
          {...CHART_LOOK}
          data={days.map((each) => ({ label: day(each.day), cost_usd: each.cost_usd }))}
          series={[{ name: 'cost_usd', label: 'Spent', color: 'var(--fact)' }]}
          valueFormatter={usd}
          yAxisProps={{ ...CHART_LOOK.yAxisProps, tickFormatter: axisUsd }}
          maxBarWidth={26}
          barProps={{ isAnimationActive: false, radius: [2, 2, 0, 0] }}
        />
      )}
    </ChartFrame>
  )
}
