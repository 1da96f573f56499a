import { familyOf, type TrainingSet } from './training-set.ts'

/** How much prompts count in training. Tuned like the rest of the recipe. */
export interface Balance {
  /** 0 gives each row the same weight, 1 each source, whatever its size. */
  readonly evenSources: number
  /** The same for classes. */
  readonly evenClasses: number
  /** The same for classes within a language, or "written in Chinese" would speak against factual asks. */
  readonly evenClassesOfLanguages: number
  /** The weight of a prompt from a parallel set relative to others: it was written to fill gaps. */
  readonly parallel: number
  /** The same for a labelled row of a ledger: it is the traffic the weights are for. */
  readonly labelled: number
}

/** The family of labelled rows from ledgers: their sources are `log_<team>`. */
export const LOG = 'log'

/** Limits to evening out a class that is rare, or almost the only one, in a language. */
const MOST_EVENED = 8
const LEAST_EVENED = 0.25

/** The weight of each row: 1 on average over `rows`, 0 for others. */
export function importanceOf(set: TrainingSet, rows: Int32Array, balance: Balance): Float64Array {
  const importance = new Float64Array(set.size)
  const each = (share: (row: number) => number) => {
    for (const row of rows) importance[row] = share(row)
  }
  const at = (row: number) => importance[row] ?? 0
  const sourceOf = (row: number) => set.sources[row] ?? ''
  const languageOf = (row: number) => set.languages[row] ?? ''
  const classOf = (row: number) => set.labels[row] ?? 0
  const cellOf = (row: number) => `${classOf(row)} ${languageOf(row)}`

  const bySource = sums(rows, sourceOf, () => 1)
  each((row) => {
    const share = bySource(row) ** -balance.evenSources
    if (familyOf(sourceOf(row)) === LOG) return share * balance.labelled
    return set.numbers[row] === undefined ? share : share * balance.parallel
  })
  const byLanguage = sums(rows, languageOf, at)
  const byCell = sums(rows, cellOf, at)
  each((row) => {
    const evened = (byLanguage(row) / 3 / byCell(row)) ** balance.evenClassesOfLanguages
    return at(row) * Math.min(MOST_EVENED, Math.max(LEAST_EVENED, evened))
  })
  const byClass = sums(rows, classOf, at)
  each((row) => at(row) * byClass(row) ** -balance.evenClasses)
  const total = rows.reduce((sum, row) => sum + at(row), 0)
  return importance.map((share) => (share * rows.length) / total)
}

/** Sums `amount` by key; the returned function gives the sum for a row's key. */
function sums<Key>(
  rows: Int32Array,
  keyOf: (row: number) => Key,
  amount: (row: number) => number,
): (row: number) => number {
  const byKey = new Map<Key, number>()
  for (const row of rows) byKey.set(keyOf(row), (byKey.get(keyOf(row)) ?? 0) + amount(row))
  return (row) => byKey.get(keyOf(row)) ?? 1
}
