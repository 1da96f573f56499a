import { probabilitiesOf } from '../../classifier/model/calibration.ts'
import { BUCKETS } from '../../classifier/model/features.ts'
import { chanceFrom, shuffle } from './chance.ts'
import { type Balance, importanceOf } from './importance.ts'
import { logitsOf, type TrainingSet } from './training-set.ts'

/** How the regression learns. Tuned by leaving out whole families of sources; see `docs/tuning.md`. */
export interface Recipe extends Balance {
  readonly seed: number
  readonly epochs: number
  readonly rate: number
  readonly decay: number
  /** Label smoothing: share of certainty given to the other classes. */
  readonly smoothing: number
}

export const RECIPE: Recipe = {
  seed: 7,
  epochs: 6,
  rate: 0.15,
  decay: 1e-6,
  smoothing: 0.1,
  evenSources: 0.6,
  evenClasses: 0.5,
  evenClassesOfLanguages: 0.5,
  parallel: 4,
  labelled: 4,
}

/** A model before quantisation. */
export interface Fit {
  readonly table: Float32Array
  readonly bias: Float64Array
}

/** The bias learns more slowly than the features, or it would absorb the mix of sources. */
const BIAS_RATE = 0.05
/** Initial value of AdaGrad's sum of squares. */
const FIRST_STEP = 1e-2

/**
 * Multinomial logistic regression by stochastic gradient descent with AdaGrad. The same rows in the same
 * order give the same numbers.
 */
export function fit(set: TrainingSet, rows: Int32Array, recipe: Recipe, onEpoch: () => void): Fit {
  const importance = importanceOf(set, rows, recipe)
  const table = new Float32Array(BUCKETS * 3)
  const squares = new Float32Array(BUCKETS * 3).fill(FIRST_STEP)
  const bias = new Float64Array(3)
  const chance = chanceFrom(recipe.seed)
  const order = Int32Array.from(rows)
  for (let epoch = 0; epoch < recipe.epochs; epoch += 1) {
    shuffle(order, chance)
    const rate = recipe.rate * (1 - epoch / recipe.epochs)
    for (const row of order) {
      const probabilities = probabilitiesOf(logitsOf(set, row, table, bias), 1)
      for (const [place, probability] of probabilities.entries()) {
        const wanted = place === set.labels[row] ? 1 - (2 / 3) * recipe.smoothing : recipe.smoothing / 3
        const error = (probability - wanted) * (importance[row] ?? 0)
        bias[place] = (bias[place] ?? 0) - rate * BIAS_RATE * error
        step(set, row, place, error, rate, recipe.decay, table, squares)
      }
    }
    onEpoch()
  }
  return { table, bias }
}

/** One AdaGrad step for one class's weights on one row. */
function step(
  set: TrainingSet,
  row: number,
  place: number,
  error: number,
  rate: number,
  decay: number,
  table: Float32Array,
  squares: Float32Array,
): void {
  const end = set.starts[row + 1] ?? 0
  for (let at = set.starts[row] ?? 0; at < end; at += 1) {
    const index = (set.buckets[at] ?? 0) * 3 + place
    const weight = table[index] ?? 0
    const gradient = error * (set.values[at] ?? 0) + decay * weight
    const square = (squares[index] ?? 0) + gradient * gradient
    squares[index] = square
    table[index] = weight - (rate * gradient) / Math.sqrt(square)
  }
}
