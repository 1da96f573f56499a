import { shownFiles } from '../../operations/shown-files.ts'
import { NoSuchCandidate, TuningError } from '../../tuning/tuning-error.ts'
import { Refused } from './refused.ts'

/**
 * Reads tuning data. Anything unreadable becomes `Refused` and is named; `NoSuchCandidate` is left to the
 * caller.
 */
export function readingIn<Found>(candidates: string, read: () => Found): Found {
  try {
    return read()
  } catch (error) {
    if (!(error instanceof TuningError) || error instanceof NoSuchCandidate) throw error
    const message = shownFiles(error.message, { candidates })
    throw new Refused(409, 'tuning_refused', message, undefined, { cause: error })
  }
}
