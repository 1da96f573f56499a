import { probabilitiesOf } from '../../classifier/model/calibration.ts'
import { BUCKETS } from '../../classifier/model/features.ts'
import { encodeWeights, type Weights } from '../../classifier/model/weights.ts'
import type { PerClass } from '../../classifier/verdict.ts'
import { AdaGrad } from './ada-grad.ts'
import { chanceFrom, shuffle } from './chance.ts'
import { type Lesson, type LessonTable, tableOf } from './lesson.ts'
import { logitsOf } from './training-set.ts'

/** What weights are to learn, and what they must not forget. */
export interface Update {
  readonly base: Weights
  /** Labelled prompts: their labels are learned. */
  readonly labels: readonly Lesson[]
  /** Other prompts from the base's training: on these the new weights should keep agreeing with the base. */
  readonly rehearsal: readonly Lesson[]
  /** Called after each epoch. */
  readonly onEpoch?: () => void
}

/** Tuned on two domains of 200 labels, each in two languages, and on the loss elsewhere: `docs/tuning.md`. */
const SEED = 7
export const UPDATE_EPOCHS = 4
const RATE = 0.03
/** Pulls each weight back towards the base's. */
const DECAY = 1e-3
/** Label smoothing: share of certainty given to the other classes. */
const SMOOTHING = 0.1
/** Features in fewer labelled prompts are not significant: labels do not change them. */
const LEAST_LABELS = 2
/** A few labels are repeated and weigh more; many speak for themselves. */
const MOST_READINGS = 5
const READINGS = 5_000
const MOST_WEIGHT = 8
/** With many labels, a rehearsed prompt weighs more than a label. */
const REHEARSED_WEIGHT = 3
/** Weight of a rehearsed prompt's label relative to the base's verdict: doubts are settled, not preserved. */
const REHEARSED_LABEL = 0.5

/**
 * Continues training from the shipped weights, since not all of their training prompts are shipped. Their
 * verdicts on the rehearsed prompts are preserved by distillation, so that labels of one domain cost little
 * elsewhere. Temperature, biases and ties stay the base's. Returns a function from a share of the way to the
 * weights after that step, 1 being all of it. Deterministic: the same prompts in the same order give the same
 * bytes.
 */
export function updateWeights({ base, labels, rehearsal, onEpoch }: Update): (share: number) => Buffer {
  const lessons = tableOf([...labels, ...rehearsal])
  const origin = unpacked(base)
  const bias = Float64Array.from(base.bias)
  const wanted = targetsOf(lessons, labels.length, origin, bias)
  const isNews = newsIn(lessons, labels.length)
  const readings = Math.max(1, Math.min(MOST_READINGS, Math.round(READINGS / Math.max(1, labels.length))))
  const weight = Math.max(1, Math.min(MOST_WEIGHT, rehearsal.length / (labels.length * readings)))
  const order = orderOf(labels.length, readings, lessons.size)
  const learner = new AdaGrad(origin)
  const chance = chanceFrom(SEED)
  for (let epoch = 0; epoch < UPDATE_EPOCHS; epoch += 1) {
    shuffle(order, chance)
    const rate = RATE * (1 - epoch / UPDATE_EPOCHS)
    for (const row of order) {
      const isLabel = row < labels.length
      const said = probabilitiesOf(learner.logitsOf(lessons, row, bias), 1)
      const importance = isLabel ? weight : REHEARSED_WEIGHT
      const errorOf = (place: 0 | 1 | 2) => (said[place] - (wanted[row * 3 + place] ?? 0)) * importance
      const errors: PerClass = [errorOf(0), errorOf(1), errorOf(2)]
      learner.step(lessons, row, errors, rate, DECAY, isLabel ? isNews : undefined)
    }
    onEpoch?.()
  }
  const table = learner.weights()
  const scale = Math.fround(base.scale / finerSteps(base.table))
  return (share) => encodeWeights({ ...base, scale, table: packed(origin, table, share, scale) })
}

/** Target probabilities of each lesson, three each: its label's, or half that and half the base's. */
function targetsOf(
  lessons: LessonTable,
  labels: number,
  table: Float32Array,
  bias: Float64Array,
): Float32Array {
  const targets = new Float32Array(lessons.size * 3).fill(SMOOTHING / 3)
  for (const [row, label] of lessons.labels.entries()) targets[row * 3 + label] = 1 - (2 / 3) * SMOOTHING
  for (let row = labels; row < lessons.size; row += 1) {
    const said = probabilitiesOf(logitsOf(lessons, row, table, bias), 1)
    for (const [place, probability] of said.entries()) {
      const at = row * 3 + place
      targets[at] = REHEARSED_LABEL * (targets[at] ?? 0) + (1 - REHEARSED_LABEL) * probability
    }
  }
  return targets
}

/** 1 for the buckets that enough labelled prompts have. */
function newsIn({ starts, buckets }: LessonTable, labels: number): Uint8Array {
  const counts = new Uint8Array(BUCKETS)
  for (const bucket of buckets.subarray(0, starts[labels] ?? 0))
    counts[bucket] = Math.min(LEAST_LABELS, (counts[bucket] ?? 0) + 1)
  return counts.map((count) => (count === LEAST_LABELS ? 1 : 0))
}

/** All labels, repeated `readings` times, then each rehearsed prompt once. */
function orderOf(labels: number, readings: number, size: number): Int32Array {
  const order = new Int32Array(labels * readings + size - labels)
  for (let at = 0; at < labels * readings; at += 1) order[at] = at % labels
  for (let row = labels; row < size; row += 1) order[labels * (readings - 1) + row] = row
  return order
}

/** Log-odds of all three classes with a mean of zero, as regression uses them. */
function unpacked({ table, scale }: Weights): Float32Array {
  const whole = new Float32Array(BUCKETS * 3)
  for (let bucket = 0; bucket < BUCKETS; bucket += 1) {
    const first = (table[bucket * 2] ?? 0) * scale
    const second = (table[bucket * 2 + 1] ?? 0) * scale
    const mean = (first + second) / 3
    whole[bucket * 3] = first - mean
    whole[bucket * 3 + 1] = second - mean
    whole[bucket * 3 + 2] = -mean
  }
  return whole
}

const MOST_STEPS = 127

/**
 * How many steps one of the base's can be divided into: labels move weights by little, which its own would
 * round away. A power of two, so that weights they do not touch stay exactly what they are.
 */
function finerSteps(table: Int8Array): number {
  const furthest = table.reduce((most, steps) => Math.max(most, Math.abs(steps)), 1)
  return 2 ** Math.floor(Math.log2(MOST_STEPS / furthest))
}

function packed(origin: Float32Array, table: Float32Array, share: number, scale: number): Int8Array {
  const gone = (at: number) => (origin[at] ?? 0) + share * ((table[at] ?? 0) - (origin[at] ?? 0))
  const steps = new Int8Array(BUCKETS * 2)
  for (let index = 0; index < steps.length; index += 1) {
    const first = (index >> 1) * 3
    const pull = gone(first + (index & 1)) - gone(first + 2)
    steps[index] = Math.max(-MOST_STEPS, Math.min(MOST_STEPS, Math.round(pull / scale)))
  }
  return steps
}
