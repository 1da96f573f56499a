/** Allowed step lengths from the base to the learned weights, longest first; 1 is all the way. */
export const STEPS = [1, 0.75, 0.5, 0.25] as const

/**
 * The longest step that is not clearly worse than the best one, judged by the share of `rows` that are right
 * after it: within the standard error of that share. A shorter step needs evidence from labels, not chance.
 */
export function longestGoodStep(rows: number, rightAfter: (share: number) => number): number {
  const best = Math.max(...STEPS.map(rightAfter))
  const error = Math.sqrt((best * (1 - best)) / Math.max(1, rows))
  return STEPS.find((share) => rightAfter(share) >= best - error) ?? 1
}
