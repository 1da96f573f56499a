import { TUNING_OPTIONS } from '../backends/tuning-context.ts'
import { UsageError } from '../command.ts'

/** For `parseArgs`: what a candidate is evaluated on. */
export const TRIAL_OPTIONS = {
  ...TUNING_OPTIONS,
  since: { type: 'string' },
  margin: { type: 'string' },
} as const

/** `--margin 1.5`, in percentage points. */
export function marginFlag(text: string | undefined, fallback: number): number {
  if (text === undefined) return fallback
  const points = Number(text)
  if (text.trim() === '' || !(points >= 0 && points <= 100))
    throw new UsageError(`--margin ${text}: expected points of accuracy, 0 to 100`)
  return points / 100
}
