import { readJournal } from '../tuning/journal.ts'
import { gapOf, objectionsTo, type Trial, wordsOf } from '../tuning/trial.ts'
import { type Decided, decide } from './decision.ts'
import { runTrial, type TrialRows } from './trial-run.ts'
import type { TuningDesk } from './tuning-desk.ts'

/** Who wants which candidate to decide. */
export interface PromotionWish extends TrialRows {
  /** May be shortened. */
  readonly version: string
  /** Accuracy it may lose on either set; 0.01 is a point. */
  readonly margin: number
  readonly by: string
}

/** How that went. */
export interface Promotion {
  readonly version: string
  /** How it did; undefined where it was not tried, or is live already. */
  readonly trial: Trial | undefined
  /** What the labelled rows could not tell. */
  readonly notes: readonly string[]
  readonly decided: Decided
}

/**
 * Lets a candidate decide, unless it loses more than the margin beside what is live. Throws a `TuningError` where there
 * is no such candidate, and a `StoreError`.
 */
export async function promote(desk: TuningDesk, wish: PromotionWish): Promise<Promotion> {
  // Read before the trial: a decision that is made meanwhile is seen.
  const journal = readJournal(desk.candidates)
  const run = await runTrial(desk, wish.version, wish)
  const refuse = (refused: readonly string[]): Decided => ({ refused })
  if ('refused' in run) {
    return { version: wish.version, trial: undefined, notes: [], decided: refuse([run.refused]) }
  }
  const { trial, manifest } = run
  const { version } = manifest
  const notes = [run.note, gapOf(trial)].filter((note) => note !== undefined)
  if (version === desk.version) {
    return { version, trial: undefined, notes, decided: refuse([`${version} is live already`]) }
  }
  const objections = objectionsTo(trial, wish.margin)
  if (objections.length > 0) return { version, trial, notes, decided: refuse(objections) }
  const shadow = journal.at(-1)?.shadow ?? null
  const decided = decide(desk, journal, {
    by: wish.by,
    action: 'promote',
    live: version,
    // What is live needs no judge beside it that is the same.
    shadow: shadow === version ? null : shadow,
    why: figuresOf(trial),
  })
  return { version, trial, notes, decided }
}

function figuresOf({ labelled, shipped }: Trial): string {
  const rows = labelled === null ? 'no labelled rows' : `labelled rows: ${wordsOf(labelled)}`
  return `${rows}; shipped set: ${wordsOf(shipped)}`
}
