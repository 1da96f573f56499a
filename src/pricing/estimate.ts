import { FIRST_STEP, kindOf, PARTS, STEPS } from './token-runs.ts'

/** Characters read between two checks whether that is enough. */
const STRETCH = 8192

/** Same result as `estimateTokens`, but reads only as much of the text as needed. */
export class TokenEstimate {
  readonly #text: string
  readonly #bytes: number
  /** How far it has been read, in UTF-16 units; each is at least one byte. */
  #at = 0
  #step = FIRST_STEP
  #parts = 0

  constructor(text: string) {
    this.#text = text
    this.#bytes = Buffer.byteLength(text)
  }

  /**
   * The estimate of the whole text; or, as soon as it is no more than `enough`, an upper bound: the estimate
   * of what was read plus one token for each byte of the rest.
   */
  within(enough: number): number {
    while (this.#at < this.#text.length && this.#atMost() > enough) this.#readOn()
    return this.#atMost()
  }

  #atMost(): number {
    const rest = this.#at < this.#text.length ? this.#bytes - this.#at : 0
    return Math.ceil(this.#parts / PARTS) + rest
  }

  #readOn(): void {
    const text = this.#text
    const end = Math.min(text.length, this.#at + STRETCH)
    let step = this.#step
    let parts = this.#parts
    for (let index = this.#at; index < end; index += 1) {
      step = STEPS[(step & 0xffff) + kindOf(text.charCodeAt(index))] ?? 0
      parts += step >> 16
    }
    this.#at = end
    this.#step = step
    this.#parts = parts
  }
}

/**
 * Estimates the tokens of a text in one pass, for context checks and token windows, never for money. Errs
 * upwards where it can: 1.1 to 1.6 times the exact count on prose, code and JSON in many languages, 0.9 on
 * base64. In the worst case found, random characters from a common script, the true count is up to 2.7 times
 * the estimate.
 */
export function estimateTokens(text: string): number {
  return new TokenEstimate(text).within(0)
}
