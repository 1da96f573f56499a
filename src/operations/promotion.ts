import { readJournal } from '../tuning/journal.ts'
import { gapOf, objectionsTo, type Trial, wordsOf } from '../tuning/trial.ts'
import { type Decided, decide } from './decision.ts'
import { runTrial, type TrialRows } from './trial-run.ts'
import type { TuningContext } from './tuning-context.ts'

/** A candidate to be promoted, and by whom. */
export interface PromotionWish extends TrialRows {
  /** May be abbreviated. */
  readonly version: string
  /** Accuracy it may lose on either set; 0.01 is one point. */
  readonly margin: number
  readonly by: string
}

/** The outcome. */
export interface Promotion {
  readonly version: string
  /** How it did; undefined if it was not tried, or is already live. */
  readonly trial: Trial | undefined
  /** What the labelled rows could not show. */
  readonly notes: readonly string[]
  readonly decided: Decided
}

/**
 * Promotes a candidate, unless it loses more than the margin compared to what is live. Throws a `TuningError`
 * if there is no such candidate, and a `StoreError`.
 */
export async function promote(tuning: TuningContext, wish: PromotionWish): Promise<Promotion> {
  // Read before the trial, so that a decision made meanwhile is detected.
  const journal = readJournal(tuning.candidates)
  const run = await runTrial(tuning, wish.version, wish)
  const refuse = (refused: readonly string[]): Decided => ({ refused })
  if ('refused' in run) {
    return { version: wish.version, trial: undefined, notes: [], decided: refuse([run.refused]) }
  }
  const { trial, manifest } = run
  const { version } = manifest
  const notes = [run.note, gapOf(trial)].filter((note) => note !== undefined)
  if (version === tuning.version) {
    return { version, trial: undefined, notes, decided: refuse([`${version} is already live`]) }
  }
  const objections = objectionsTo(trial, wish.margin)
  if (objections.length > 0) return { version, trial, notes, decided: refuse(objections) }
  const shadow = journal.at(-1)?.shadow ?? null
  const decided = decide(tuning, journal, {
    by: wish.by,
    action: 'promote',
    live: version,
    // A shadow identical to what is live is pointless.
    shadow: shadow === version ? null : shadow,
    why: figuresOf(trial),
  })
  return { version, trial, notes, decided }
}

function figuresOf({ labelled, shipped }: Trial): string {
  const rows = labelled === null ? 'no labelled rows' : `labelled rows: ${wordsOf(labelled)}`
  return `${rows}; shipped set: ${wordsOf(shipped)}`
}
