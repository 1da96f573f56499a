import type { Message } from '../base/message.ts'
import { placeOf } from './model/calibration.ts'
import type { Contribution } from './model/model.ts'
import type { Rule } from './rule.ts'
import { sumOf } from './rules.ts'
import type { Abstention, PerClass, Verdict } from './verdict.ts'

/** Everything behind a verdict: `bias`, `rules` and `features` sum to the verdict's logits within 1e-6. */
export interface Explanation {
  readonly verdict: Verdict
  /** The words that were scored: without scaffolding, and only head and tail of a long text. */
  readonly text: string
  readonly temperature: number
  readonly bias: PerClass
  readonly rules: readonly Rule[]
  readonly features: readonly Contribution[]
  readonly rulesVersion: string
  readonly weightsVersion: string
}

export interface Explainer {
  /** When its verdicts are abstentions. */
  readonly abstention: Abstention
  /** The verdict `classify` gives for the same messages, with every contribution to it. */
  explain(messages: readonly Message[]): Explanation
}

/** The sum of everything an explanation lists. */
export function totalOf(explanation: Explanation): PerClass {
  const total: [number, number, number] = [...explanation.bias]
  const rules = sumOf(explanation.rules)
  for (const { logOdds } of [...explanation.features, { logOdds: rules }]) {
    total[0] += logOdds[0]
    total[1] += logOdds[1]
    total[2] += logOdds[2]
  }
  return total
}

/** A word or shape, and its pull towards the verdict's class relative to the mean of the other two. */
export interface Pull {
  readonly feature: string
  readonly pull: number
}

/** The `most` strongest pulls of whole words and shapes, for or against, strongest first. */
export function strongestPulls(explanation: Explanation, most: number): readonly Pull[] {
  const place = placeOf(explanation.verdict.class)
  const pulls = new Map<string, number>()
  for (const { feature, logOdds } of explanation.features) {
    const sum = logOdds[0] + logOdds[1] + logOdds[2]
    const pull = logOdds[place] - (sum - logOdds[place]) / 2
    const name = feature.trim()
    pulls.set(name, (pulls.get(name) ?? 0) + pull)
  }
  return [...pulls]
    .map(([feature, pull]) => ({ feature, pull }))
    .filter(({ feature }) => feature !== '')
    .sort((a, b) => Math.abs(b.pull) - Math.abs(a.pull) || (a.feature < b.feature ? -1 : 1))
    .slice(0, most)
}
