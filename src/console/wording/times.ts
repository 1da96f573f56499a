const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

/** How long ago a moment (ISO 8601) is, or how far ahead: `just now`, `12 min ago`, `in 3 h`. */
export function ago(moment: string, now = Date.now()): string {
  const distance = now - Date.parse(moment)
  const size = Math.abs(distance)
  if (size < MINUTE) return 'just now'
  const length =
    size < HOUR
      ? `${Math.floor(size / MINUTE)} min`
      : size < 2 * DAY
        ? `${Math.floor(size / HOUR)} h`
        : `${Math.floor(size / DAY)} days`
  return distance > 0 ? `${length} ago` : `in ${length}`
}

/** `22 Nov 2026, 14:05 UTC` */
export function moment(iso: string): string {
  const text = new Date(iso).toLocaleString('en-GB', {
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    timeZone: 'UTC',
  })
  return `${text} UTC`
}

/** `22 Nov` */
export function day(iso: string): string {
  return new Date(iso).toLocaleDateString('en-GB', { day: 'numeric', month: 'short', timeZone: 'UTC' })
}
