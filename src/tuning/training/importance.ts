import { familyOf, type TrainingSet } from './training-set.ts'

/** How much prompts count in training. Chosen like the rest of the recipe. */
export interface Balance {
  /** 0 counts every row alike, 1 every source, whatever its size. */
  readonly evenSources: number
  /** The same for classes. */
  readonly evenClasses: number
  /** The same for the classes within one language, or "written in Chinese" would speak against a question of facts. */
  readonly evenClassesOfLanguages: number
  /** How much a prompt of a parallel set counts beside others: it was written for what the rest lacks. */
  readonly parallel: number
  /** The same of a labelled row of a ledger: it is of the traffic that the weights are for. */
  readonly labelled: number
}

/** The family of labelled rows of ledgers: their sources are `log_<team>`. */
export const LOG = 'log'

/** A class that a language has hardly any or hardly other prompts of is evened out no further than this. */
const MOST_EVENED = 8
const LEAST_EVENED = 0.25

/** How much each row counts; 1 on average over `rows`, 0 for others. */
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

/** Adds up `amount` by key; the answer tells the sum that a row belongs to. */
function sums<Key>(
  rows: Int32Array,
  keyOf: (row: number) => Key,
  amount: (row: number) => number,
): (row: number) => number {
  const byKey = new Map<Key, number>()
  for (const row of rows) byKey.set(keyOf(row), (byKey.get(keyOf(row)) ?? 0) + amount(row))
  return (row) => byKey.get(keyOf(row)) ?? 1
}
