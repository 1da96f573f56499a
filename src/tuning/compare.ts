import type { PromptClass } from '../base/prompt-class.ts'

/** One labelled prompt under what is live and under a candidate. */
export interface Pair {
  readonly label: PromptClass
  readonly live: PromptClass
  readonly candidate: PromptClass
}

/** How a candidate does beside what is live, on the same prompts. */
export interface Comparison {
  readonly rows: number
  /** Shares of the prompts that are judged as they are labelled. */
  readonly live: number
  readonly candidate: number
  /** Prompts that only the candidate judges right, and those that only what is live does. */
  readonly gained: number
  readonly lost: number
  /** Points of accuracy (0.01 is one) won by the candidate, and where the truth lies in 95 of 100 cases. */
  readonly difference: number
  readonly interval: readonly [number, number]
  /** How often chance alone would make as large a difference in either direction (McNemar's exact test). */
  readonly chance: number
}

/** Of the normal distribution, for 95 %. */
const QUANTILE = 1.959964

/** Pairs are compared, not two accuracies: most prompts are judged alike, and only the others tell. */
export function compare(pairs: readonly Pair[]): Comparison {
  const right = (name: 'live' | 'candidate') => pairs.filter((pair) => pair[name] === pair.label).length
  const [live, candidate] = [right('live'), right('candidate')]
  const both = pairs.filter((pair) => pair.live === pair.label && pair.candidate === pair.label).length
  const [gained, lost] = [candidate - both, live - both]
  const rows = pairs.length
  return {
    rows,
    live: live / Math.max(1, rows),
    candidate: candidate / Math.max(1, rows),
    gained,
    lost,
    difference: (gained - lost) / Math.max(1, rows),
    interval: intervalOf(gained, lost, rows),
    chance: chanceOf(gained, lost),
  }
}

/** Agresti and Min: half a prompt more in each cell keeps the interval honest where few prompts differ. */
function intervalOf(gained: number, lost: number, rows: number): readonly [number, number] {
  const [won, gone, all] = [gained + 0.5, lost + 0.5, rows + 2]
  const middle = (won - gone) / all
  const reach = (QUANTILE * Math.sqrt(won + gone - (won - gone) ** 2 / all)) / all
  return [Math.max(-1, middle - reach), Math.min(1, middle + reach)]
}

/** Twice the tail of a fair coin, at most 1. */
function chanceOf(gained: number, lost: number): number {
  const tosses = gained + lost
  const least = Math.min(gained, lost)
  let term = -tosses * Math.LN2
  let tail = 0
  for (let heads = 0; heads <= least; heads += 1) {
    tail += Math.exp(term)
    term += Math.log((tosses - heads) / (heads + 1))
  }
  return Math.min(1, 2 * tail)
}
