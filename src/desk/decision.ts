import { ConfigError } from '../config/file/config-error.ts'
import { findCandidate } from '../tuning/candidates.ts'
import { type Entry, liveBefore, readJournal, writeEntry } from '../tuning/journal.ts'
import { TuningError } from '../tuning/tuning-error.ts'
import { pairOf, type TuningDesk } from './tuning-desk.ts'

/** What became of a decision on what judges requests: it stands in the journal, or nothing has changed. */
export type Decided = { readonly entry: Entry } | { readonly refused: readonly string[] }

/** Writes the decision that follows on `journal`, which the decision was made on. */
export function decide(
  { candidates }: Pick<TuningDesk, 'candidates'>,
  journal: readonly Entry[],
  decided: Omit<Entry, 'number' | 'at'>,
): Decided {
  try {
    return { entry: writeEntry(candidates, journal, { at: new Date().toISOString(), ...decided }) }
  } catch (error) {
    if (!(error instanceof TuningError)) throw error
    return { refused: [error.message] }
  }
}

/** Takes the last promotion back that was not. */
export function rollBack(desk: TuningDesk, by: string, why: string): Decided {
  const journal = readJournal(desk.candidates)
  const before = liveBefore(journal)
  if (before === undefined) return { refused: ['nothing is promoted'] }
  const obstacle = obstacleTo(desk, before)
  if (obstacle !== undefined) return { refused: [obstacle] }
  const shadow = journal.at(-1)?.shadow ?? null
  return decide(desk, journal, { by, action: 'rollback', live: before, shadow, why })
}

/**
 * Lets a candidate judge beside what is live; null: none does any more. The version may be shortened. Throws a
 * `TuningError` where there is no such candidate.
 */
export function setShadow(desk: TuningDesk, named: string | null, by: string): Decided {
  const version = named === null ? null : findCandidate(desk.candidates, named).manifest.version
  const obstacle = version === null ? undefined : obstacleTo(desk, version)
  if (obstacle !== undefined) return { refused: [obstacle] }
  if (desk.shadowIsOwn) return { refused: ['the configuration names a shadow; change it there'] }
  return decide(desk, readJournal(desk.candidates), {
    by,
    action: 'shadow',
    live: desk.version,
    shadow: version,
    why: version === null ? 'switched off' : 'judges beside what is live',
  })
}

/** Why a candidate, or with null the configuration's own files, cannot run. */
function obstacleTo({ candidates, own, classifierOf }: TuningDesk, version: string | null) {
  try {
    classifierOf(version === null ? own : pairOf(candidates, version))
    return undefined
  } catch (error) {
    if (error instanceof ConfigError) return error.message
    throw error
  }
}
