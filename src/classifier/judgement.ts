import { LRUCache } from 'lru-cache'
import { Doorkeeper } from './doorkeeper.ts'
import { probabilitiesOf, winnerOf } from './model/calibration.ts'
import type { Model } from './model/model.ts'
import type { Rule } from './rule.ts'
import { type Rules, sumOf } from './rules.ts'
import type { PerClass } from './verdict.ts'

/** The judgement of a single text. */
export interface Judgement {
  readonly fired: readonly Rule[]
  readonly modelLogits: PerClass
  readonly logits: PerClass
  readonly probabilities: PerClass
  /** The probability of the likeliest class. */
  readonly confidence: number
  /** The rule that decided or changed the winner, if any. */
  readonly turnedBy: string | undefined
}

/** Judges an excerpt, that is, a text cut to the part that is scored. */
export type Judge = (excerpt: string) => Judgement

/** The sum of rules and model; nothing else contributes. */
export function createJudge(rules: Rules, model: Model): Judge {
  return (excerpt) => judgementOf(rules.fired(excerpt), model.logits(excerpt), model.temperature)
}

/** Combines fired rules, in file order, with the model's logits. */
export function judgementOf(fired: readonly Rule[], modelLogits: PerClass, temperature: number): Judgement {
  const logits = fired.length === 0 ? modelLogits : plus(modelLogits, sumOf(fired))
  const probabilities = probabilitiesOf(logits, temperature)
  return {
    fired,
    modelLogits,
    logits,
    probabilities,
    confidence: Math.max(probabilities[0], probabilities[1], probabilities[2]),
    turnedBy: fired.length === 0 ? undefined : turning(fired, modelLogits, logits),
  }
}

/**
 * Adds a cache to a judge, since agents send the same text again and again. A text is cached on its second
 * occurrence. `most` limits the UTF-16 units of cached texts. Results are the same as without the cache.
 */
export function remembering(judge: Judge, most: number): Judge {
  const remembered = new LRUCache<string, Judgement>({
    maxSize: most,
    sizeCalculation: (_, excerpt) => excerpt.length + 256,
  })
  const doorkeeper = new Doorkeeper()
  return (excerpt) => {
    if (!doorkeeper.knows(excerpt)) return judge(excerpt)
    const known = remembered.get(excerpt)
    if (known !== undefined) return known
    const judgement = judge(excerpt)
    remembered.set(excerpt, judgement)
    return judgement
  }
}

/** The strongest rule for the winner, if a rule decides or the model alone had chosen otherwise. */
function turning(fired: readonly Rule[], before: PerClass, after: PerClass): string | undefined {
  const winner = winnerOf(after)
  const forWinner = fired.filter((rule) => rule.class === winner)
  const strongest = (rules: readonly Rule[]) =>
    rules.reduce<Rule | undefined>(
      (best, rule) => (best && best.weight >= rule.weight ? best : rule),
      undefined,
    )
  const deciding = strongest(forWinner.filter((rule) => rule.decide))
  if (deciding) return deciding.id
  if (winnerOf(before) === winner) return undefined
  // A rule may also have turned the verdict by speaking against the model's choice.
  return (strongest(forWinner) ?? fired.toSorted((a, b) => a.weight - b.weight)[0])?.id
}

function plus(a: PerClass, b: PerClass): PerClass {
  return [a[0] + b[0], a[1] + b[1], a[2] + b[2]]
}
