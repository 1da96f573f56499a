import { fromUsd, type NanoUsd, nanoUsd } from '../base/money.ts'

/**
 * The most that is held where no budget sets a limit: 1,000 USD. A request for a billion answers has no
 * meaningful worst case, and a few of them must not push the team's sums beyond exact integers.
 */
export const MOST_WITHOUT_BUDGET = fromUsd(1000)

/**
 * The least of what each budget has left, where an overdrawn budget has nothing left; undefined without a
 * budget.
 */
export function leastLeft(left: readonly number[]): NanoUsd | undefined {
  return left.length === 0 ? undefined : nanoUsd(Math.max(0, Math.min(...left)))
}
