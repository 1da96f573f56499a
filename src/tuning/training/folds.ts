import { familyOf, type TrainingSet } from './training-set.ts'

const FOLDS = 8
/** Rows of derived families belong to no fold. */
export const NO_FOLD = -1

/** Which rows are held out together. */
export interface Folds {
  readonly count: number
  /** Fold of each row. */
  readonly of: Int8Array
}

/**
 * Families are assigned to folds in order of their names. Parallel prompts go by their number, whatever their
 * language: what is tested in one language must not be known from another. Too few families make no folds.
 */
export function foldsOf(set: TrainingSet, derived: ReadonlySet<string>): Folds {
  const families = new Set<string>()
  for (const [row, source] of set.sources.entries()) {
    if (!derived.has(familyOf(source)) && set.numbers[row] === undefined) families.add(familyOf(source))
  }
  const places = new Map([...families].sort().map((family, place) => [family, place]))
  const parallel = set.numbers.some((number) => number !== undefined)
  const count = parallel ? FOLDS : families.size < 2 ? 0 : Math.min(FOLDS, families.size)
  const of = Int8Array.from(set.sources, (source, row) => {
    const family = familyOf(source)
    const place = derived.has(family) ? undefined : (set.numbers[row] ?? places.get(family))
    return count === 0 || place === undefined ? NO_FOLD : place % count
  })
  return { count, of }
}
