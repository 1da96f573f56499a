/** Counts collected while a text was read. */
export interface Measures {
  /** UTF-16 units, at least 1. */
  size: number
  newlines: number
  digits: number
  symbols: number
  /** Letters of scripts without blanks between words. */
  unspaced: number
  /** Runs of digits. */
  numbers: number
  loneConsonants: number
}

/** The names of a shape's steps, built once: `length 0`, `length 1`, … */
function steps(name: string, most: number): readonly string[] {
  return Array.from({ length: most + 1 }, (_, step) => `${name} ${step}`)
}

const LENGTH = steps('length', 14)
const LINES = steps('lines', 6)
const DIGITS = steps('digits', 6)
const SYMBOLS = steps('symbols', 8)
const NUMBERS = steps('numbers', 6)
const LONE_CONSONANTS = steps('lone consonants', 5)

/** The shapes of a text, in any language. */
export function shapesOf(text: string, measures: Measures): readonly string[] {
  const { size, newlines, digits, symbols, unspaced, numbers, loneConsonants } = measures
  const shapes: string[] = []
  const add = (names: readonly string[], step: number) => {
    const name = names[Math.min(step, names.length - 1)]
    if (name !== undefined) shapes.push(name)
  }
  add(LENGTH, Math.floor(Math.log2(size)))
  add(LINES, Math.floor(Math.log2(1 + newlines)))
  add(DIGITS, Math.ceil((24 * digits) / size))
  add(SYMBOLS, Math.ceil((24 * symbols) / size))
  add(NUMBERS, Math.ceil(1.5 * Math.log2(1 + numbers)))
  // Names of quantities and options look alike in every language; lone vowels are words in many.
  add(LONE_CONSONANTS, loneConsonants)
  shapes.push(unspaced * 4 > size ? 'unspaced script' : 'spaced script')
  const closing = lastOf(text)
  shapes.push(closing === '?' || closing === '？' ? 'ends in a question' : 'ends in no question')
  if (text.includes('```')) shapes.push('code fence')
  if (text.includes('\\') || text.includes('$')) shapes.push('backslash or dollar')
  if (newlines > 0 && /^.{0,200}[:：]\s*\n/.test(text)) shapes.push('request, colon, pasted text')
  if (newlines > 1 && /\n\s*\(?[ABab1一][).、:：]/.test(text)) shapes.push('options')
  return shapes
}

/** The last character other than white space. */
function lastOf(text: string): string {
  let end = text.length - 1
  while (end > 0 && text.charCodeAt(end) <= 32) end -= 1
  return text.charAt(end)
}
