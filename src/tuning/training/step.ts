/** How far weights may go on the way from a base to what was learnt, the longest step first; 1 is all of it. */
export const STEPS = [1, 0.75, 0.5, 0.25] as const

/**
 * The longest step that is not clearly worse than the best one, by the share of `rows` that are right after it: not by
 * more than the standard error of that share. A shorter one is gone only where labels say so, not where chance does.
 */
export function longestGoodStep(rows: number, rightAfter: (share: number) => number): number {
  const best = Math.max(...STEPS.map(rightAfter))
  const error = Math.sqrt((best * (1 - best)) / Math.max(1, rows))
  return STEPS.find((share) => rightAfter(share) >= best - error) ?? 1
}
