import { probabilitiesOf } from '../../classifier/model/calibration.ts'
import type { PerClass } from '../../classifier/verdict.ts'
import { AdaGrad } from './ada-grad.ts'
import { chanceFrom, shuffle } from './chance.ts'
import { type Balance, importanceOf } from './importance.ts'
import type { TrainingSet } from './training-set.ts'

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

/**
 * Multinomial logistic regression by stochastic gradient descent with AdaGrad. The same rows in the same
 * order give the same numbers.
 */
export function fit(set: TrainingSet, rows: Int32Array, recipe: Recipe, onEpoch: () => void): Fit {
  const importance = importanceOf(set, rows, recipe)
  const learner = new AdaGrad()
  const bias = new Float64Array(3)
  const chance = chanceFrom(recipe.seed)
  const order = Int32Array.from(rows)
  for (let epoch = 0; epoch < recipe.epochs; epoch += 1) {
    shuffle(order, chance)
    const rate = recipe.rate * (1 - epoch / recipe.epochs)
    for (const row of order) {
      const said = probabilitiesOf(learner.logitsOf(set, row, bias), 1)
      const errorOf = (place: 0 | 1 | 2) => {
        const wanted = place === set.labels[row] ? 1 - (2 / 3) * recipe.smoothing : recipe.smoothing / 3
        return (said[place] - wanted) * (importance[row] ?? 0)
      }
      const errors: PerClass = [errorOf(0), errorOf(1), errorOf(2)]
      for (const [place, error] of errors.entries())
        bias[place] = (bias[place] ?? 0) - rate * BIAS_RATE * error
      learner.step(set, row, errors, rate, recipe.decay)
    }
    onEpoch()
  }
  return { table: learner.weights(), bias }
}
