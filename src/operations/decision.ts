import { ConfigError } from '../config/file/config-error.ts'
import { findCandidate } from '../tuning/candidates.ts'
import { liveBefore, readJournal, writeEntry } from '../tuning/journal.ts'
import type { JournalEntry } from '../tuning/journal-entry.ts'
import { DecidedMeanwhile } from '../tuning/tuning-error.ts'
import { pairOf, type TuningContext } from './tuning-context.ts'

/** The outcome of a decision on what classifies requests: recorded in the journal, or nothing has changed. */
export type Decided = { readonly entry: JournalEntry } | { readonly refused: readonly string[] }

/** Appends a decision to the `journal` it was based on. Throws a `TuningError` if it cannot be written. */
export function decide(
  { candidates }: Pick<TuningContext, 'candidates'>,
  journal: readonly JournalEntry[],
  decided: Omit<JournalEntry, 'number' | 'at'>,
): Decided {
  try {
    return { entry: writeEntry(candidates, journal, { at: new Date().toISOString(), ...decided }) }
  } catch (error) {
    if (!(error instanceof DecidedMeanwhile)) throw error
    return { refused: [error.message] }
  }
}

/** Undoes the last promotion not yet undone, or all of them: then the configuration's own files are live. */
export function rollBack(
  tuning: TuningContext,
  by: string,
  why: string,
  reach: 'last' | 'all' = 'last',
): Decided {
  const journal = readJournal(tuning.candidates)
  const last = liveBefore(journal)
  if (last === undefined) return { refused: ['nothing is promoted'] }
  const before = reach === 'all' ? null : last
  const obstacle = obstacleTo(tuning, before)
  if (obstacle !== undefined) return { refused: [obstacle] }
  const shadow = journal.at(-1)?.shadow ?? null
  return decide(tuning, journal, { by, action: 'rollback', live: before, shadow, why })
}

/**
 * Makes a candidate the shadow of what is live; null switches the shadow off. The version may be abbreviated.
 * Throws a `TuningError` if there is no such candidate.
 */
export function setShadow(tuning: TuningContext, named: string | null, by: string): Decided {
  const version = named === null ? null : findCandidate(tuning.candidates, named).manifest.version
  const obstacle = version === null ? undefined : obstacleTo(tuning, version)
  if (obstacle !== undefined) return { refused: [obstacle] }
  if (tuning.shadowIsOwn) return { refused: ['the configuration names a shadow; change it there'] }
  return decide(tuning, readJournal(tuning.candidates), {
    by,
    action: 'shadow',
    live: tuning.version,
    shadow: version,
    why: version === null ? 'switched off' : 'classifies alongside what is live',
  })
}

/** Why a candidate (or, with null, the configuration's own files) cannot run. */
function obstacleTo({ candidates, own, classifierOf }: TuningContext, version: string | null) {
  try {
    classifierOf(version === null ? own : pairOf(candidates, version))
    return undefined
  } catch (error) {
    if (error instanceof ConfigError) return error.message
    throw error
  }
}
