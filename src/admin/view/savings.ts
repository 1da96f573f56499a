import { nanoUsd, toUsd } from '../../base/money.ts'
import { PROMPT_CLASSES } from '../../base/prompt-class.ts'
import type { COMPARISONS, UsageLine } from '../../ledger/counted.ts'
import type { CacheSample, Counted } from '../../ledger/views.ts'
import { ceilToNano } from '../../pricing/cost.ts'
import type { PriceBook } from '../../pricing/price-book.ts'
import type { Savings } from '../api/answers/savings.ts'
import { caveatsOf } from './caveats.ts'
import { isoOf } from './shown-row.ts'
import type { PageWindow } from './window.ts'

export interface SavingsParts {
  readonly window: PageWindow
  readonly counted: Counted
  readonly sample: CacheSample
  readonly prices: PriceBook
  /** The baseline of the comparison: the first model of `language_heavy`. */
  readonly baselineModels: readonly string[]
}

type Saved = Savings['total']

/**
 * Savings by class over comparable requests; the others are counted by the reason they are not comparable.
 */
export function savingsOf(parts: SavingsParts): Savings {
  const { window, counted, baselineModels } = parts
  const names = [...PROMPT_CLASSES, 'none'] as const
  const classes = names.map((name) => ({
    class: name,
    ...savedOf(
      counted.usage.filter((line) => line.class === name),
      parts.sample.lost.filter((loss) => (loss.class ?? 'none') === name),
      parts,
    ),
  }))
  const total = savedOf(counted.usage, parts.sample.lost, parts)
  return {
    from: isoOf(window.from),
    to: isoOf(window.to),
    complete: counted.complete,
    counted_from: isoOf(counted.countedFrom),
    cache_sample: { requests: parts.sample.rows, from: isoOf(parts.sample.from) },
    baseline_models: [...baselineModels],
    classes,
    total,
    caveats: caveatsOf(total, parts.sample),
  }
}

function savedOf(usage: readonly UsageLine[], lost: CacheSample['lost'], parts: SavingsParts): Saved {
  const { window, prices } = parts
  const compared = usage.filter(({ comparison }) => comparison === 'compared')
  const [cost, baseline] = [sumOf(compared, 'cost_nusd'), sumOf(compared, 'baseline_nusd')]
  return {
    requests: sumOf(usage, 'requests'),
    compared: sumOf(compared, 'requests'),
    cost_usd: toUsd(nanoUsd(cost)),
    baseline_usd: toUsd(nanoUsd(baseline)),
    saved_usd: toUsd(nanoUsd(baseline - cost)),
    share: baseline === 0 ? null : (baseline - cost) / baseline,
    reasoning_tokens: sumOf(usage, 'reasoning_tokens'),
    reasoning_usd: usdOf(
      usage.map(({ target, step, reasoning_tokens }) => {
        const price = prices.priceOf(target, window.from + step * window.stepMs)
        return reasoning_tokens * (price?.output ?? 0)
      }),
    ),
    cached_tokens: sumOf(usage, 'cached_tokens'),
    cached_lost_tokens: lost.reduce((sum, { tokens }) => sum + tokens, 0),
    cached_lost_usd: usdOf(
      lost.map(({ target, tokens }) => {
        const price = prices.priceOf(target, window.to)
        return price === undefined ? 0 : tokens * Math.max(0, price.input - price.cachedInput)
      }),
    ),
    not_compared: {
      refused: countOf(usage, 'refused'),
      no_usage: countOf(usage, 'no_usage'),
      estimated: countOf(usage, 'estimated'),
      no_baseline: countOf(usage, 'no_baseline'),
      unsettled: countOf(usage, 'unsettled'),
    },
  }
}

/** From pico-dollars. */
function usdOf(pico: readonly number[]): number {
  return toUsd(nanoUsd(ceilToNano(pico.reduce((sum, each) => sum + each, 0))))
}

function countOf(usage: readonly UsageLine[], name: (typeof COMPARISONS)[number]): number {
  return sumOf(
    usage.filter(({ comparison }) => comparison === name),
    'requests',
  )
}

type Summed = 'requests' | 'cost_nusd' | 'baseline_nusd' | 'reasoning_tokens' | 'cached_tokens'

function sumOf(lines: readonly UsageLine[], name: Summed): number {
  return lines.reduce((sum, line) => sum + line[name], 0)
}
