import type { CacheSample } from '../../ledger/views.ts'
import type { Savings } from '../api/answers/savings.ts'

/** What the savings figures do not tell, quantified where possible. */
export function caveatsOf(total: Savings['total'], sample: CacheSample): Savings['caveats'] {
  const others = total.requests - total.compared
  const switched = sample.lost.reduce((sum, loss) => sum + loss.switched, 0)
  return [
    {
      id: 'same_tokens',
      text: 'The baseline is what the same tokens would have cost on the baseline model. It might have said more, or less.',
    },
    {
      id: 'reasoning_tokens',
      text: `${count(total.reasoning_tokens)} of the output tokens were hidden reasoning (${usd(total.reasoning_usd)}). The baseline counts them too, although a model that does not reason would not have written them: it is too high by what they would have cost there.`,
    },
    {
      id: 'prompt_cache',
      text: `Of the ${count(sample.rows)} newest requests of conversations that were looked at, ${count(switched)} changed models on the way. The new model had to read up to ${count(total.cached_lost_tokens)} tokens anew that a cache might have had (${usd(total.cached_lost_usd)} at the most); that is in what was paid.`,
    },
    {
      id: 'not_compared',
      text: `${count(others)} of ${count(total.requests)} requests are not compared: refused, without reported usage, or not priced against a baseline.`,
    },
  ]
}

function count(number: number): string {
  return number.toLocaleString('en-US')
}

function usd(dollars: number): string {
  return `$${dollars.toFixed(dollars < 0.01 && dollars > 0 ? 6 : 2)}`
}
