import { AreaChart } from '@mantine/charts'
import type { ReactElement } from 'react'
import type { Overview } from '../../../admin/api/answers/overview.ts'
import { ChartFrame } from '../../parts/chart-frame.tsx'
import { CHART_LOOK, tick } from '../../parts/chart-look.ts'
import { axisUsd, usd } from '../../wording/money.ts'

const PAID = 'var(--mantine-color-text)'
const BASELINE = 'var(--unclassified)'

/** Actual cost, in front of what the baseline model would have cost. */
export function SpendChart({ series, step_seconds: step, totals }: Overview): ReactElement {
  return (
    <ChartFrame
      title="Spend"
      about="The same tokens"
      legend={[
        { name: 'paid', colour: PAID },
        { name: 'baseline', colour: BASELINE },
      ]}
      says={`Spend over time: ${usd(totals.cost_usd)} in all, ${usd(totals.baseline_usd)} on the baseline model.`}
    >
      <AreaChart
        {...CHART_LOOK}
        data={series.map(({ at, cost_usd, baseline_usd }) => ({
          label: tick(at, step),
          cost_usd,
          baseline_usd,
        }))}
        series={[
          { name: 'baseline_usd', label: 'Baseline', color: BASELINE },
          { name: 'cost_usd', label: 'Paid', color: PAID },
        ]}
        valueFormatter={usd}
        yAxisProps={{ ...CHART_LOOK.yAxisProps, tickFormatter: axisUsd }}
        curveType="monotone"
        withDots={false}
        withGradient={false}
        fillOpacity={0.1}
        strokeWidth={1.5}
        areaProps={{ isAnimationActive: false }}
      />
    </ChartFrame>
  )
}
