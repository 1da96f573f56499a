import { probabilitiesOf } from '../../classifier/model/calibration.ts'
import type { PerClass } from '../../classifier/verdict.ts'

/** A judgement on a prompt whose source was held out of training. */
export interface Held {
  readonly logits: PerClass
  /** Index of the label in `PerClass`. */
  readonly label: number
  /** Its weight. */
  readonly share: number
}

const LOWEST = 0.2
const HIGHEST = 10
const STEPS = 60

/**
 * The temperature that minimises the negative log-likelihood of held-out labels (unimodal in 1/T), by
 * golden-section search over log T.
 */
export function fitTemperature(held: readonly Held[]): number {
  const golden = (Math.sqrt(5) - 1) / 2
  let low = Math.log(LOWEST)
  let high = Math.log(HIGHEST)
  for (let step = 0; step < STEPS; step += 1) {
    const left = high - golden * (high - low)
    const right = low + golden * (high - low)
    if (surprise(held, Math.exp(left)) < surprise(held, Math.exp(right))) high = right
    else low = left
  }
  return Math.exp((low + high) / 2)
}

function surprise(held: readonly Held[], temperature: number): number {
  let sum = 0
  for (const { logits, label, share } of held) {
    const probability = probabilitiesOf(logits, temperature)[label] ?? 0
    sum -= share * Math.log(Math.max(probability, 1e-12))
  }
  return sum
}
