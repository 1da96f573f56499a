import { DAY, HOUR } from '../../base/durations.ts'

/** Windows offered by pages, with their step widths. They start on a whole step and end now. */
export const WINDOW_NAMES = ['24h', '7d', '30d'] as const
export type WindowName = (typeof WINDOW_NAMES)[number]

const WINDOWS: Readonly<Record<WindowName, { readonly steps: number; readonly stepMs: number }>> = {
  '24h': { steps: 24, stepMs: HOUR },
  '7d': { steps: 56, stepMs: 3 * HOUR },
  '30d': { steps: 30, stepMs: DAY },
}

/** Milliseconds since the epoch; the last step is still in progress. */
export interface PageWindow {
  readonly from: number
  readonly to: number
  readonly stepMs: number
  readonly steps: number
}

/** The window of that name, as of `now`, in milliseconds since the epoch. */
export function windowAt(name: WindowName, now: number): PageWindow {
  const { steps, stepMs } = WINDOWS[name]
  return { from: (Math.floor(now / stepMs) - steps + 1) * stepMs, to: now, stepMs, steps }
}
