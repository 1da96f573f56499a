/** A power of two. */
const SLOTS = 256

/** Longer keys are not worth comparing. Bytes. */
const LONGEST = 40

/**
 * Strings of the keys that JSON has again and again: to find one by its bytes takes a tenth of the time that decoding
 * them does. Keys that fall on one place drive each other out, so whoever makes up keys gains no memory here.
 */
export class KnownKeys {
  readonly #slots: (string | undefined)[] = new Array<string | undefined>(SLOTS).fill(undefined)

  /** Undefined where these bytes are not known. */
  find(bytes: Buffer, start: number, end: number): string | undefined {
    if (end - start > LONGEST) return undefined
    const key = this.#slots[slotOf(bytes, start, end)]
    if (key === undefined || key.length !== end - start) return undefined
    for (let at = start; at < end; at += 1) if (bytes[at] !== key.charCodeAt(at - start)) return undefined
    return key
  }

  /** Keeps a key whose every byte is a letter of it. */
  keep(bytes: Buffer, start: number, end: number, key: string): void {
    const isPlain = key.length === end - start && key.length <= LONGEST
    if (isPlain) this.#slots[slotOf(bytes, start, end)] = key
  }
}

function slotOf(bytes: Buffer, start: number, end: number): number {
  let hash = end - start
  for (let at = start; at < end; at += 1) hash = (Math.imul(hash, 31) + (bytes[at] ?? 0)) | 0
  return (hash ^ (hash >>> 8)) & (SLOTS - 1)
}
