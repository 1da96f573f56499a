import { LineChart } from '@mantine/charts'
import type { ReactElement } from 'react'
import type { Overview } from '../../../admin/api/answers/overview.ts'
import { ChartFrame } from '../../parts/chart-frame.tsx'
import { CHART_LOOK, tick } from '../../parts/chart-look.ts'
import { axisDuration, duration } from '../../wording/times.ts'

const P50 = 'var(--fact)'
const P95 = 'var(--language)'

/** Time to first byte as clients saw it. */
export function LatencyChart({ series, step_seconds: step }: Overview): ReactElement {
  const slowest = Math.max(0, ...series.map(({ ms_first_byte: { p95 } }) => p95 ?? 0))
  return (
    <ChartFrame
      title="Time to first byte"
      about="Median and 95th percentile"
      legend={[
        { name: 'p50', colour: P50 },
        { name: 'p95', colour: P95 },
      ]}
      says={`Time to first byte over time; the 95th percentile was at most ${duration(slowest)}.`}
    >
      <LineChart
        {...CHART_LOOK}
        data={series.map(({ at, ms_first_byte: { p50, p95 } }) => ({ label: tick(at, step), p50, p95 }))}
        series={[
          { name: 'p50', label: 'p50', color: P50 },
          { name: 'p95', label: 'p95', color: P95 },
        ]}
        valueFormatter={duration}
        yAxisProps={{
          ...CHART_LOOK.yAxisProps,
          tickFormatter: axisDuration,
        }}
        curveType="monotone"
        withDots={series.filter(({ ms_first_byte: { p50 } }) => p50 !== null).length < 3}
        strokeWidth={1.5}
        connectNulls={false}
        lineProps={{ isAnimationActive: false }}
      />
    </ChartFrame>
  )
}
