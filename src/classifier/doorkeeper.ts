const PLACES = 4_096

/**
 * Separates recurring texts from the majority that occur only once, which would evict others from a cache and
 * cost the garbage collector more than a judgement does. A false match does no harm.
 */
export class Doorkeeper {
  readonly #prints = new Int32Array(PLACES)

  /** Whether this text has occurred before, not too long ago. */
  knows(text: string): boolean {
    let print = text.length
    for (let at = 0; at < text.length; at += 1) print = (Math.imul(print, 31) + text.charCodeAt(at)) | 0
    const place = (print ^ (print >>> 12)) & (PLACES - 1)
    const isKnown = this.#prints[place] === print
    this.#prints[place] = print
    return isKnown
  }
}
