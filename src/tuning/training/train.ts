import { placeOf, winnerOf } from '../../classifier/model/calibration.ts'
import { encodeWeights } from '../../classifier/model/weights.ts'
import { type Rules, sumOf } from '../../classifier/rules.ts'
import type { PerClass } from '../../classifier/verdict.ts'
import type { LabelledTurn } from '../labelled/labelled-turns.ts'
import { foldsOf, NO_FOLD } from './folds.ts'
import { type Fit, fit, RECIPE, type Recipe } from './regression.ts'
import { fitTemperature, type Held } from './temperature.ts'
import { fitTies } from './tie-regression.ts'
import { createTrainingSet, familyOf, logitsOf, type Row } from './training-set.ts'

/** What training reports besides the weights. */
export interface TrainingReport {
  readonly rows: number
  readonly families: number
  readonly temperature: number
  /** How each family did under weights that had not seen it, worst first. */
  readonly leftOut: readonly LeftOut[]
  /** Means of the above, each family counting equally. */
  readonly leftOutAccuracy: number
  readonly leftOutMacroF1: number
}

/** A family of sources, judged by weights that had not seen it. */
export interface LeftOut {
  readonly family: string
  readonly rows: number
  readonly accuracy: number
  /** Over the classes present in the family. */
  readonly macroF1: number
}

export interface Training {
  readonly rows: readonly Row[]
  /** Short turns within conversations; without any, only the lists recognise follow-ups. */
  readonly turns?: readonly LabelledTurn[]
  /** The temperature is fitted with the rules' evidence added to the model's. */
  readonly rules: Rules
  /** Families made from other families' rows: never held out, and not trained on while others are. */
  readonly derived: ReadonlySet<string>
  readonly recipe?: Recipe
  /** Called occasionally with the share of work done, 0 to 1. */
  readonly onProgress?: (done: number) => void
}

const SALT = 1

/** Trains weights. Deterministic: the same rows in the same order give the same bytes. */
export function train(training: Training): { readonly bytes: Buffer; readonly report: TrainingReport } {
  const recipe = training.recipe ?? RECIPE
  const set = createTrainingSet(training.rows, SALT)
  const everyRow = Int32Array.from(training.rows.keys())
  const folds = foldsOf(set, training.derived)
  let epochs = 0
  const onEpoch = () => {
    epochs += 1
    training.onProgress?.(epochs / (recipe.epochs * (folds.count + 1)))
  }

  const held: (Held & { readonly family: string })[] = []
  for (let fold = 0; fold < folds.count; fold += 1) {
    const known = everyRow.filter((row) => folds.of[row] !== fold && folds.of[row] !== NO_FOLD)
    const without = fit(set, known, recipe, onEpoch)
    for (const row of everyRow) {
      if (folds.of[row] !== fold) continue
      const rules = sumOf(training.rules.fired(training.rows[row]?.text ?? ''))
      const model = logitsOf(set, row, without.table, without.bias)
      held.push({
        family: familyOf(set.sources[row] ?? ''),
        logits: [model[0] + rules[0], model[1] + rules[1], model[2] + rules[2]],
        label: set.labels[row] ?? 0,
        share: 1,
      })
    }
  }
  const leftOut = leftOutOf(held)
  const sizes = new Map(leftOut.map(({ family, rows }) => [family, rows]))
  const temperature =
    held.length === 0
      ? 1
      : fitTemperature(held.map((row) => ({ ...row, share: (sizes.get(row.family) ?? 1) ** -0.5 })))

  const whole = fit(set, everyRow, recipe, onEpoch)
  return {
    bytes: encodeWeights({
      salt: SALT,
      temperature,
      ...quantise(whole),
      ties: fitTies(training.rows, training.turns ?? [], SALT),
    }),
    report: {
      rows: set.size,
      families: sizes.size,
      temperature,
      leftOut,
      leftOutAccuracy: meanOf(leftOut, ({ accuracy }) => accuracy),
      leftOutMacroF1: meanOf(leftOut, ({ macroF1 }) => macroF1),
    },
  }
}

function leftOutOf(held: readonly (Held & { readonly family: string })[]): readonly LeftOut[] {
  const families = Object.entries(Object.groupBy(held, ({ family }) => family))
  return families
    .map(([family, rows = []]) => {
      const judged = rows.map(({ logits, label }) => ({ label, found: placeOf(winnerOf(logits)) }))
      const right = judged.filter(({ label, found }) => label === found).length
      return { family, rows: rows.length, accuracy: right / rows.length, macroF1: macroF1Of(judged) }
    })
    .sort((a, b) => a.accuracy - b.accuracy || (a.family < b.family ? -1 : 1))
}

function macroF1Of(judged: readonly { readonly label: number; readonly found: number }[]): number {
  const labels = [...new Set(judged.map(({ label }) => label))]
  return meanOf(labels, (place) => {
    const right = judged.filter(({ label, found }) => label === place && found === place).length
    const involved = judged.filter(({ label, found }) => label === place || found === place).length
    return (2 * right) / (right + involved)
  })
}

function meanOf<T>(values: readonly T[], figureOf: (value: T) => number): number {
  return values.reduce((sum, value) => sum + figureOf(value), 0) / Math.max(1, values.length)
}

/**
 * Steps from zero to the furthest pull. With 42 to 127 unseen prompts fared the same, with 31 a little worse;
 * fewer make a smaller file. A signed byte has room for one more between each two, for labels that are
 * learned later.
 */
const STEPS = 36

/** Signed bytes: pulls of the first two classes relative to the third; a softmax sees only differences. */
function quantise({ table, bias }: Fit): { table: Int8Array; scale: number; bias: PerClass } {
  const pulls = new Float32Array((table.length / 3) * 2)
  let most = 0
  for (let bucket = 0; bucket < table.length / 3; bucket += 1) {
    const third = table[bucket * 3 + 2] ?? 0
    for (let place = 0; place < 2; place += 1) {
      const pull = (table[bucket * 3 + place] ?? 0) - third
      pulls[bucket * 2 + place] = pull
      most = Math.max(most, Math.abs(pull))
    }
  }
  const scale = Math.fround(most === 0 ? 1 : most / STEPS)
  return {
    table: Int8Array.from(pulls, (pull) => Math.max(-STEPS, Math.min(STEPS, Math.round(pull / scale)))),
    scale,
    bias: [bias[0] ?? 0, bias[1] ?? 0, bias[2] ?? 0],
  }
}
