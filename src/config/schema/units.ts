import { z } from 'zod'

const BYTES = { B: 1, KB: 1e3, MB: 1e6, GB: 1e9, KiB: 1024, MiB: 1024 ** 2, GiB: 1024 ** 3 }
const MILLISECONDS = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 }

const SIZE = /^(\d+(?:\.\d+)?) ?(B|KB|MB|GB|KiB|MiB|GiB)$/
const DURATION = /^(\d+(?:\.\d+)?) ?(ms|s|m|h|d)$/
const DATE = /^\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,3})?)?Z)?$/

function amountIn(units: Readonly<Record<string, number>>, text: string, shape: RegExp): number | undefined {
  const [, count, unit] = shape.exec(text) ?? []
  const factor = unit === undefined ? undefined : units[unit]
  if (count === undefined || factor === undefined) return undefined
  const amount = Math.round(Number(count) * factor)
  return Number.isSafeInteger(amount) ? amount : undefined
}

/** Parses `20MiB`, `512KiB`, `1.5GB` to bytes, rounded; undefined for anything else. */
export function parseSize(text: string): number | undefined {
  return amountIn(BYTES, text, SIZE)
}

/** Parses `500ms`, `5s`, `1.5h`, `30d` to milliseconds, rounded; undefined for anything else. */
export function parseDuration(text: string): number | undefined {
  return amountIn(MILLISECONDS, text, DURATION)
}

/**
 * Parses `2027-01-14` (the start of that day in UTC) or `2027-01-14T12:00Z` to milliseconds since the epoch.
 */
export function parseDate(text: string): number | undefined {
  if (!DATE.test(text)) return undefined
  const at = Date.parse(text)
  // Date.parse rolls 30 February over to March instead of rejecting it.
  if (Number.isNaN(at) || !new Date(at).toISOString().startsWith(text.slice(0, 10))) return undefined
  return at
}

/** The UTC date of a moment, milliseconds since the epoch: `2026-11-23`. */
export function formatDate(at: number): string {
  return new Date(at).toISOString().slice(0, 10)
}

function text(
  parse: (written: string) => number | undefined,
  shape: RegExp,
  { title, expected }: { readonly title: string; readonly expected: string },
): z.ZodPipe<z.ZodString, z.ZodTransform<number, string>> {
  return z
    .string({ error: expected })
    .regex(shape, { error: expected, abort: true })
    .meta({ title })
    .transform((written, context) => {
      const amount = parse(written)
      if (amount !== undefined) return amount
      context.issues.push({ code: 'custom', message: expected, input: written })
      return z.NEVER
    })
}

/** A size in a configuration file; parses to bytes. */
export const size = () => text(parseSize, SIZE, { title: 'size', expected: 'expected a size such as 20MiB' })

/** A duration in a configuration file; parses to milliseconds. */
export const duration = () =>
  text(parseDuration, DURATION, {
    title: 'duration',
    expected: 'expected a duration such as 500ms, 5s or 30d',
  })

/** Node's timers hold 31 bits of milliseconds; a longer delay fires after one millisecond. */
const LONGEST_TIMER_MS = 24 * MILLISECONDS.d

/** A duration used for a timer; parses to milliseconds. */
export const timerDuration = () =>
  duration().refine((ms) => ms <= LONGEST_TIMER_MS, 'may be at most 24d, the longest supported timer')

/** A date in a configuration file; parses to milliseconds since the epoch. */
export const date = () =>
  text(parseDate, DATE, {
    title: 'date',
    expected: 'expected a date such as 2027-01-14 or 2027-01-14T12:00Z',
  })
