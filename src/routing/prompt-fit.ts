import type { Target } from '../base/target.ts'
import type { Needs } from './needs.ts'

/** Whether a prompt fits a target's context, as far as its bytes tell. */
export interface Fit {
  readonly fits: 'surely' | 'perhaps' | 'no'
  readonly aboutTokens: number
}

// Bytes per token with o200k_base, measured on ordinary text: English 4.8, code 4.3, Chinese 4.3, Russian 8. JSON
// around it costs more bytes than tokens. Dense data (digits, base64) goes below 3, and is left to the upstream's count.
const USUAL = 4
const SPARSEST = 5
const DENSEST = 3

/**
 * Counted on bytes only, since an exact count would cost more than all the rest of a decision. `no` is said when even
 * sparse text would be too long, `surely` when even dense text leaves room for the cap that will be sent; images are
 * not counted.
 */
export function fitOf(needs: Needs, target: Target, outputCap: number): Fit {
  const { textBytes } = needs.size
  const answer = needs.cap === undefined ? 0 : outputCap
  const aboutTokens = Math.ceil(textBytes / USUAL)
  if (answer <= roomBeside(needs, target)) return { fits: 'surely', aboutTokens }
  return { fits: textBytes / SPARSEST > target.context ? 'no' : 'perhaps', aboutTokens }
}

/** The tokens a context surely has left for the answer, even if the prompt is dense. */
export function roomBeside(needs: Needs, target: Target): number {
  return Math.floor(target.context - needs.size.textBytes / DENSEST)
}
