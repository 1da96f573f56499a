import { BarChart } from '@mantine/charts'
import type { ReactElement } from 'react'
import type { Overview } from '../../../admin/api/answers/overview.ts'
import { ChartFrame } from '../../parts/chart-frame.tsx'
import { CHART_LOOK, tick } from '../../parts/chart-look.ts'
import { compact, count, counted } from '../../wording/numbers.ts'

/** Upstream failures and broken responses over time. */
export function ErrorChart({ series, step_seconds: step }: Overview): ReactElement {
  const errors = series.reduce((sum, each) => sum + each.errors, 0)
  return (
    <ChartFrame
      title="Errors"
      about="Upstream errors, broken answers"
      says={`${counted(errors, 'error')} over the time shown.`}
    >
      <BarChart
        {...CHART_LOOK}
        data={series.map((point) => ({ label: tick(point.at, step), errors: point.errors }))}
        series={[{ name: 'errors', label: 'Errors', color: 'var(--bad)' }]}
        valueFormatter={count}
        yAxisProps={{ ...CHART_LOOK.yAxisProps, allowDecimals: false, tickFormatter: compact }}
        barProps={{ isAnimationActive: false, radius: [2, 2, 0, 0] }}
        maxBarWidth={26}
        barChartProps={{ barCategoryGap: '22%' }}
      />
    </ChartFrame>
  )
}
