import { DAY, HOUR } from '../../base/durations.ts'

const MINUTE = 60_000

/** How long ago a moment (ISO 8601) was, or how far ahead: `just now`, `12 min ago`, `in 3 h`. */
export function ago(moment: string, now = Date.now()): string {
  const distance = now - Date.parse(moment)
  const size = Math.abs(distance)
  if (size < MINUTE) return 'just now'
  return distance > 0 ? `${lengthOf(size)} ago` : `in ${lengthOf(size)}`
}

function lengthOf(ms: number): string {
  if (ms < HOUR) return `${Math.floor(ms / MINUTE)} min`
  return ms < 2 * DAY ? `${Math.floor(ms / HOUR)} h` : `${Math.floor(ms / DAY)} days`
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

/** What a page says whose sums do not go back as far as they will. */
export function stillCounted(since: string): string {
  return `Older requests are still being counted: so far those since ${moment(since)}`
}

/** `22 Nov` */
export function day(iso: string): string {
  return new Date(iso).toLocaleDateString('en-GB', { day: 'numeric', month: 'short', timeZone: 'UTC' })
}

/** Milliseconds for display: `0.4 ms`, `312 ms`, `4.2 s`, `3 min 5 s`. */
export function duration(ms: number): string {
  if (ms < 10) return `${ms.toFixed(1)} ms`
  if (ms < 1000) return `${Math.round(ms)} ms`
  if (ms < MINUTE) return `${(ms / 1000).toFixed(1)} s`
  return `${Math.floor(ms / MINUTE)} min ${Math.round((ms % MINUTE) / 1000)} s`
}

/** `14:05:33`, UTC. */
export function clock(iso: string): string {
  return iso.slice(11, 19)
}

/** `Sunday, 22 November` */
export function wholeDay(iso: string): string {
  return new Date(iso).toLocaleDateString('en-GB', {
    weekday: 'long',
    day: 'numeric',
    month: 'long',
    timeZone: 'UTC',
  })
}

/** `14 Jan 2027` */
export function date(iso: string): string {
  return new Date(iso).toLocaleDateString('en-GB', {
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    timeZone: 'UTC',
  })
}

/** For axes, where ticks are round numbers: `0`, `350 ms`, `1.5 s`. No line break before the unit. */
export function axisDuration(ms: number): string {
  if (ms === 0) return '0'
  return ms < 1000 ? `${ms}\u00a0ms` : `${ms / 1000}\u00a0s`
}
