import { DAY } from '../../../base/durations.ts'

/** How far back recorded requests are considered. */
export const WINDOWS = [
  { value: '1', label: 'last 24 hours' },
  { value: '7', label: 'last 7 days' },
  { value: '30', label: 'last 30 days' },
]

/** The start of a window of this many days. */
export function sinceOf(days: string): string {
  return new Date(Date.now() - Number(days) * DAY).toISOString()
}
