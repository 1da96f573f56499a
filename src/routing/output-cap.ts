import type { Target } from '../base/target.ts'
import type { Needs } from './needs.ts'

/** What the vendor advises to leave a reasoning model for thoughts that nobody sees. */
export const REASONING_ROOM = 25_000

/**
 * The most output tokens one choice may have from `target`, before any budget: the client's own cap, at most what the
 * model can write; without a cap, what the model can write.
 *
 * Reasoning counts against a cap, and a cap meant for the visible answer would be spent on thoughts: an empty answer,
 * and billed. So a reasoning target gets `REASONING_ROOM` on top, unless the client itself chose a reasoning model
 * (`chosen`) and capped it with `max_completion_tokens`, the field that counts reasoning.
 */
export function outputCapOf(needs: Needs, target: Target, chosen: Target | undefined): number {
  const { cap } = needs
  if (cap === undefined) return target.maxOutput
  const meansReasoning = chosen?.reasoning === true && cap.by === 'max_completion_tokens'
  const room = target.reasoning && !meansReasoning ? REASONING_ROOM : 0
  return Math.min(cap.tokens + room, target.maxOutput)
}
