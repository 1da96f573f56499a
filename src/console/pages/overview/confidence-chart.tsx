import { BarChart, LineChart } from '@mantine/charts'
import { Group, Text } from '@mantine/core'
import type { ReactElement } from 'react'
import type { Overview } from '../../../admin/api/answers/overview.ts'
import { ChartFrame } from '../../parts/chart-frame.tsx'
import { CHART_LOOK, tick } from '../../parts/chart-look.ts'
import { compact, count, percent } from '../../wording/numbers.ts'

/** The classifier's confidence, as a distribution and over time. */
export function ConfidenceChart({
  confidence_histogram: histogram,
  series,
  step_seconds: step,
}: Overview): ReactElement {
  const verdicts = histogram.reduce((sum, each) => sum + each, 0)
  const abstained = series.reduce((sum, each) => sum + each.abstained, 0)
  return (
    <ChartFrame
      title="Confidence"
      about="Verdicts by confidence"
      says={`Confidence of ${count(verdicts)} verdicts; ${count(histogram[9] ?? 0)} were at 0.9 or above.`}
    >
      <BarChart
        {...CHART_LOOK}
        h={112}
        data={histogram.map((verdictsHere, index) => ({ label: `0.${index}`, verdicts: verdictsHere }))}
        series={[{ name: 'verdicts', label: 'Verdicts', color: 'var(--mantine-color-text)' }]}
        valueFormatter={count}
        yAxisProps={{ ...CHART_LOOK.yAxisProps, tickCount: 3, tickFormatter: compact }}
        xAxisProps={{ ...CHART_LOOK.xAxisProps, interval: 'equidistantPreserveStart', minTickGap: 6 }}
        barProps={{
          isAnimationActive: false,
          radius: [2, 2, 0, 0],
          minPointSize: (value) => (Number(value) > 0 ? 2 : 0),
        }}
        barChartProps={{ barCategoryGap: '18%' }}
      />
      <Group justify="space-between" mt="sm" mb={10}>
        <Text size="xs" className="quiet">
          Mean over time
        </Text>
        <Text size="xs" className="quiet">
          {verdicts > 0 ? percent(abstained / verdicts, 1) : '–'} abstained
        </Text>
      </Group>
      <LineChart
        {...CHART_LOOK}
        h={64}
        withXAxis={false}
        data={series.map(({ at, confidence }) => ({ label: tick(at, step), confidence }))}
        series={[{ name: 'confidence', label: 'Mean confidence', color: 'var(--mantine-color-text)' }]}
        valueFormatter={(mean) => mean.toFixed(2)}
        yAxisProps={{ ...CHART_LOOK.yAxisProps, domain: [floorOf(series), 1], tickCount: 2, interval: 0 }}
        withDots={series.filter(({ confidence }) => confidence !== null).length < 3}
        strokeWidth={1.5}
        lineProps={{ isAnimationActive: false }}
      />
    </ChartFrame>
  )
}

/**
 * A tenth below the lowest mean, so that the line uses the chart's height and the axis shows where it starts.
 */
function floorOf(series: Overview['series']): number {
  const lowest = Math.min(1, ...series.map(({ confidence }) => confidence ?? 1))
  return Math.max(0, Math.floor(lowest * 10 - 0.5) / 10)
}
