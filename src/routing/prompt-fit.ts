import type { Target } from '../base/target.ts'
import type { Needs } from './needs.ts'

/** Whether a prompt fits a target's context together with the answer it must leave room for. */
export type Fit = 'surely' | 'perhaps' | 'no'

/**
 * Estimates a prompt's tokens in linear time; only asked if its byte count leaves a doubt. May stop early and
 * return an upper bound once that is known to be no more than `enough`.
 */
export type AboutTokens = (target: Target, enough: number) => number

/**
 * Estimates are linear and err upwards on words, code and JSON in any script; on base64 and the like they are
 * a tenth short. This margin is added before relying on one.
 */
const SAFETY = 1.15
/**
 * The most an estimate exceeds the truth by, except on long runs of one character. Only beyond this factor is
 * a prompt certainly too long.
 */
const OVERRATED = 3
/** Around each message, as vendors count it. */
const TOKENS_PER_MESSAGE = 4

/** `answer` is the output cap that will be sent, 0 for none. Images are not counted. */
export function fitOf(needs: Needs, target: Target, answer: number, aboutTokens: AboutTokens): Fit {
  if (answer <= roomBeside(needs, target, answer, aboutTokens)) return 'surely'
  return aboutTokens(target, 0) / OVERRATED > target.context ? 'no' : 'perhaps'
}

/**
 * The tokens a context has left beside the prompt; may be understated once `wanted` are known to be left. No
 * text has more tokens than bytes, so it is estimated only if its bytes leave less room than that.
 */
export function roomBeside(
  { size }: Needs,
  target: Target,
  wanted: number,
  aboutTokens: AboutTokens,
): number {
  const around = size.messages * TOKENS_PER_MESSAGE
  const surely = target.context - size.textBytes - around
  if (surely >= wanted) return surely
  const enough = (target.context - around - wanted) / SAFETY
  return Math.floor(target.context - aboutTokens(target, enough) * SAFETY - around)
}
