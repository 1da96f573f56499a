const DAY_MS = 86_400_000

/** How far back recorded requests are looked at. */
export const WINDOWS = [
  { value: '1', label: 'last 24 hours' },
  { value: '7', label: 'last 7 days' },
  { value: '30', label: 'last 30 days' },
]

/** When a window of so many days begins. */
export function sinceOf(days: string): string {
  return new Date(Date.now() - Number(days) * DAY_MS).toISOString()
}
