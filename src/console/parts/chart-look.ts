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
  return new Date(at).toLocaleString('en-GB', { ...optionsFor(stepSeconds), timeZone: 'UTC' })
}

function optionsFor(stepSeconds: number): Intl.DateTimeFormatOptions {
  if (stepSeconds < 10_000) return { hour: '2-digit', minute: '2-digit' }
  if (stepSeconds < 86_400) return { weekday: 'short', hour: '2-digit', minute: '2-digit' }
  return { day: 'numeric', month: 'short' }
}
