import type { Target } from '../../base/target.ts'
import type { DecisionLine } from '../../ledger/decision-line.ts'
import { costOf } from '../../pricing/cost.ts'
import type { PriceBook } from '../../pricing/price-book.ts'
import type { Change } from './moves.ts'

type Spent = Pick<
  DecisionLine,
  'at' | 'input_tokens' | 'cached_tokens' | 'output_tokens' | 'reasoning_tokens' | 'cost_nusd'
>

/** What a request cost, and the same tokens on another model at that day's price; undefined if unknown. */
export function sameTokensOn(line: Spent, target: Target | undefined, prices: PriceBook): Change | undefined {
  const { input_tokens, output_tokens, cost_nusd } = line
  const price = target && prices.priceOf(target.model, line.at)
  if (price === undefined || input_tokens === null || output_tokens === null || cost_nusd === null)
    return undefined
  const usage = {
    inputTokens: input_tokens,
    cachedTokens: line.cached_tokens ?? 0,
    cacheWriteTokens: 0,
    outputTokens: output_tokens,
    reasoningTokens: line.reasoning_tokens ?? 0,
  }
  return { cost: cost_nusd, newCost: costOf(usage, price) }
}
