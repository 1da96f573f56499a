import type { Target } from '../base/target.ts'
import type { Needs } from './needs.ts'
import { type AboutTokens, roomBeside } from './prompt-fit.ts'

/**
 * Room the vendor advises to leave a reasoning model for hidden reasoning and the answer: "at least 25,000
 * tokens when you start experimenting".
 */
export const REASONING_ROOM = 25_000

/**
 * The most output tokens one choice may have from `target`, before any budget: the client's cap, limited to
 * the model's maximum; without a cap, that maximum.
 *
 * Reasoning counts against a cap, and one meant for the visible answer would be spent on reasoning: an empty
 * answer, and billed. So a reasoning target gets `REASONING_ROOM` on top, unless the client's figure is
 * `meantWhole`, that is, includes reasoning.
 */
export function outputCapOf({ cap }: Needs, target: Target, meantWhole: boolean): number {
  if (cap === undefined) return target.maxOutput
  const room = target.reasoning && !meantWhole ? REASONING_ROOM : 0
  return Math.min(cap.tokens + room, target.maxOutput)
}

/** A long prompt leaves at least this many tokens for the answer, or this share of a small context. */
const LEAST_ROOM = 4_096
const LEAST_SHARE = 1 / 8

/**
 * A cap that is sent counts together with the prompt: if the two exceed the context, the request is refused.
 * So whatever the client did not ask for is lowered to fit beside a long prompt: the room for reasoning, and
 * all of a cap that is only sent to bound the bill.
 */
export function fittingCap(needs: Needs, target: Target, cap: number, aboutTokens: AboutTokens): number {
  const room = roomBeside(needs, target, cap, aboutTokens)
  if (cap <= room) return cap
  const least = Math.min(LEAST_ROOM, Math.floor(target.context * LEAST_SHARE))
  return Math.min(cap, Math.max(needs.cap?.tokens ?? least, room))
}
