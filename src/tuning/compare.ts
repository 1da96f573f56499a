import type { PromptClass } from '../base/prompt-class.ts'

/** One labelled prompt, as judged live and by a candidate. */
export interface Pair {
  readonly label: PromptClass
  readonly live: PromptClass
  readonly candidate: PromptClass
}

/** How a candidate compares to what is live, on the same prompts. */
export interface Comparison {
  readonly rows: number
  /** Shares of prompts judged as labelled. */
  readonly live: number
  readonly candidate: number
  /** Prompts that only the candidate judges right, and those that only the live version does. */
  readonly gained: number
  readonly lost: number
  /** Accuracy gained by the candidate (0.01 is one point), and its 95 % confidence interval. */
  readonly difference: number
  readonly interval: readonly [number, number]
  /** How often chance alone makes such a difference, in either direction (McNemar's exact test). */
  readonly chance: number
}

/** Quantile of the normal distribution for 95 %. */
const QUANTILE = 1.959964

/** Compares pairs rather than two accuracies: most prompts are judged alike, and only the others count. */
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

/** Agresti and Min: half a prompt added to each cell keeps the interval honest if few prompts differ. */
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
