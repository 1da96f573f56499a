import { FIRST_STEP, kindOf, PARTS, STEPS } from './token-runs.ts'

/** Between two looks at whether enough has been read. */
const STRETCH = 8192

/** The tokens of a text as `estimateTokens` has them, read only as far as somebody wants to know. */
export class TokenEstimate {
  readonly #text: string
  readonly #bytes: number
  /** How far it has been read, in UTF-16 units, of which none has less than a byte. */
  #at = 0
  #step = FIRST_STEP
  #parts = 0

  constructor(text: string) {
    this.#text = text
    this.#bytes = Buffer.byteLength(text)
  }

  /**
   * The estimate; or, as soon as that is no more than `enough`, one of the text's beginning with a token for each byte
   * of its rest, for no text has more.
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
 * Estimates the tokens of a text in one pass, for context checks and token windows: never for money. Errs upwards
 * where it can: 1.1 to 1.6 times the exact count on prose, code and JSON in many languages, 0.9 on base64. Characters
 * thrown at random out of a common script are up to 2.7 times as many tokens as it says, the worst that was found.
 */
export function estimateTokens(text: string): number {
  return new TokenEstimate(text).within(0)
}
