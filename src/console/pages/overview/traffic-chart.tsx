import { BarChart } from '@mantine/charts'
import type { ReactElement } from 'react'
import type { Overview } from '../../../admin/api/answers/overview.ts'
import { ChartFrame } from '../../parts/chart-frame.tsx'
import { CHART_LOOK, tick } from '../../parts/chart-look.ts'
import { CLASS_LOOKS } from '../../parts/class-names.ts'
import { compact, count } from '../../wording/numbers.ts'

const CLASSES = ['stem_reasoning', 'factual_recall', 'language_heavy', 'none'] as const

/** Requests by class over time. */
export function TrafficChart({ series, step_seconds: step }: Overview): ReactElement {
  const looks = CLASSES.map((each) => CLASS_LOOKS[each])
  const data = series.map(({ at, classes }) => ({ label: tick(at, step), ...classes }))
  const sums = CLASSES.map((each) => series.reduce((sum, { classes }) => sum + classes[each], 0))
  return (
    <ChartFrame
      title="Requests by class"
      about={`Each ${stepName(step)}, UTC`}
      legend={looks}
      says={`Requests by class: ${looks.map(({ name }, index) => `${name} ${count(sums[index] ?? 0)}`).join(', ')}.`}
    >
      <BarChart
        {...CHART_LOOK}
        type="stacked"
        data={data}
        series={CLASSES.map((each) => ({
          name: each,
          label: CLASS_LOOKS[each].name,
          color: CLASS_LOOKS[each].colour,
        }))}
        valueFormatter={count}
        yAxisProps={{ ...CHART_LOOK.yAxisProps, tickFormatter: compact }}
        barProps={{ isAnimationActive: false }}
        maxBarWidth={26}
        barChartProps={{ barCategoryGap: '22%' }}
      />
    </ChartFrame>
  )
}

function stepName(seconds: number): string {
  if (seconds === 3600) return 'hour'
  return seconds < 86_400 ? `${seconds / 3600} hours` : 'day'
}
