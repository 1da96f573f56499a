/** Reproducible randomness: mulberry32, seeded from a number or a text. Returns values in [0, 1). */
export type Random = () => number

/** A generator whose sequence depends on the seed alone. */
export function randomFrom(seed: number): Random {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

/** FNV-1a over the bytes, starting from `seed`. */
export function hashOf(bytes: Uint8Array, seed: number): number {
  let hash = (0x811c9dc5 ^ seed) >>> 0
  for (const byte of bytes) hash = Math.imul(hash ^ byte, 0x01000193)
  return hash >>> 0
}

const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'

/** Random letters and digits, for ids and padding. */
export function word(random: Random, length: number): string {
  let text = ''
  for (let at = 0; at < length; at += 1) text += LETTERS.charAt(Math.floor(random() * LETTERS.length))
  return text
}
