import type { Decided } from '../../operations/decision.ts'
import { READ_ONLY, STORE_FAILED } from '../../operations/jobs.ts'
import { ENDED, JobFailed } from '../../operations/workshop.ts'
import type { JournalEntry } from '../../tuning/journal-entry.ts'
import { Refused } from './refused.ts'

/** Awaits a job in another thread. Failures whose message is meant for the caller become `Refused`. */
export async function doJob<Done>(job: Promise<Done>): Promise<Done> {
  try {
    return await job
  } catch (error) {
    if (!(error instanceof JobFailed)) throw error
    throw refusalOf(error)
  }
}

function refusalOf({ reason, message }: JobFailed): Error {
  if (reason === 'ConfigError') return new Refused(409, 'configuration_refused', message)
  if (reason === READ_ONLY) {
    const hint = 'Edit it where it is written, or let the server write to it.'
    return new Refused(
      409,
      'configuration_read_only',
      `The configuration cannot be edited here: ${message}. ${hint}`,
    )
  }
  if (reason === 'TuningError') return new Refused(409, 'tuning_refused', message)
  if (reason === STORE_FAILED) return new Refused(503, 'store_unavailable', message)
  if (reason === ENDED) return new Refused(503, 'job_ended', `The work was given up: ${message}.`)
  return new Error(`${reason}: ${message}`)
}

/** The journal entry of a decision. A rejected decision throws `Refused` with every objection. */
export function entryOf(decided: Decided, metadata: object = {}): JournalEntry {
  if ('entry' in decided) return decided.entry
  const objections = decided.refused
  throw new Refused(409, 'candidate_refused', objections.join('; '), { objections, ...metadata })
}
