import type { Target } from '../base/target.ts'
import type { Needs } from './needs.ts'

/** Whether a prompt, with the answer it is to have room for, fits a target's context. */
export type Fit = 'surely' | 'perhaps' | 'no'

/**
 * About how many tokens a prompt has, in linear time; asked only where its bytes leave a doubt. Less of it is read where
 * more than it can have, by its bytes, is no more than `enough`: then that is told.
 */
export type AboutTokens = (target: Target, enough: number) => number

/**
 * Estimates are linear and err upwards on words, code and JSON in any script; on base64 and the like they are a tenth
 * short. So much is added before one is relied on.
 */
const SAFETY = 1.15
/** So many times the truth an estimate is at the most, but for long runs of one sign: only then is a prompt too long. */
const OVERRATED = 3
/** Around each message, as vendors count it. */
const TOKENS_PER_MESSAGE = 4

/** `answer` is the output cap that will be sent, 0 for none. Images are not counted. */
export function fitOf(needs: Needs, target: Target, answer: number, aboutTokens: AboutTokens): Fit {
  if (answer <= roomBeside(needs, target, answer, aboutTokens)) return 'surely'
  return aboutTokens(target, 0) / OVERRATED > target.context ? 'no' : 'perhaps'
}

/**
 * The tokens a context has left beside the prompt, or fewer where `wanted` are left. No text has more tokens than bytes, so
 * it is estimated only where its bytes leave no room for so many.
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
