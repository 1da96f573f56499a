/** The look of every chart over time: few lines, subdued axes, no animation. */
export const CHART_LOOK = {
  h: 196,
  dataKey: 'label',
  tickLine: 'none',
  strokeDasharray: '2 4',
  gridColor: 'var(--line)',
  textColor: 'var(--quiet)',
  accessibilityLayer: false,
  yAxisProps: { width: 54, tickCount: 5, fontSize: 11 },
  xAxisProps: { minTickGap: 36, fontSize: 11, interval: 'preserveStartEnd', tickMargin: 8 },
} as const

/** A time on a chart's axis, in UTC: `14:00` within a day, otherwise `22 Nov`. */
export function tick(at: string, stepSeconds: number): string {
  const options: Intl.DateTimeFormatOptions =
    stepSeconds < 10_000
      ? { hour: '2-digit', minute: '2-digit' }
      : stepSeconds < 86_400
        ? { weekday: 'short', hour: '2-digit', minute: '2-digit' }
        : { day: 'numeric', month: 'short' }
  return new Date(at).toLocaleString('en-GB', { ...options, timeZone: 'UTC' })
}
