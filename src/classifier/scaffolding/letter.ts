import { compileBeginnings } from './beginning.ts'

/** What surrounds the words of a letter, in lower case. */
export interface LetterFrame {
  /** Beginnings of a first line that only greets. */
  readonly greetings: readonly string[]
  /** Lines above a name: "kind regards". */
  readonly closings: readonly string[]
  /** Beginnings of footer lines: "sent from my iphone", "this e-mail is confidential". */
  readonly small_print: readonly string[]
}

/** Maximum size of a signature: lines, and UTF-16 units per line. */
const MOST_LINES = 8
const LONGEST_LINE = 100
/** The same in a language without a list: a phrase, a name, a position and an address. Lines. */
const MOST_SIGNED = 4
const LONGEST_GREETING = 30
const LONGEST_CLOSING = 60
/** Of punctuation after a closing. */
const MOST_MARKS = 4

/** In any language: a line that ends with a comma above an empty line addresses somebody. */
const SALUTATION = /^\p{L}[\p{L}\p{M}.' -]*,$/u
const PARTING = /^\p{Lu}[\p{L}\p{M}']*(?: [\p{L}\p{M}']+){0,2} \p{Ll}[\p{L}\p{M}']*[,.!]?$/u
const NAME = /^\p{Lu}[\p{L}\p{M}.'-]*(?: \p{Lu}[\p{L}\p{M}.'-]*){1,3}$/u

/** Removes a letter's greeting, signature and small print; if nothing else is said, it is unchanged. */
export function compileLetters({ greetings, closings, small_print }: LetterFrame): (text: string) => string {
  const closing = new Set(closings)
  const longestClosing = Math.max(0, ...closings.map((one) => one.length)) + MOST_MARKS
  /** Closings of several words may be continued. */
  const beginsWithClosing = compileBeginnings(closings.filter((one) => one.includes(' ')))
  const isSmallPrint = compileBeginnings(small_print)

  return (text) => {
    if (!text.includes('\n')) return text
    const lines = text.trimEnd().split('\n')
    const begin = isGreeting(lines[0] ?? '', lines[1] === '') ? 1 : 0
    const end = Math.min(endOf(lines), signedFrom(lines))
    if (begin === 0 && end === lines.length) return text
    const words = lines.slice(begin, end).join('\n').trim()
    return words === '' ? text : words
  }

  /** "Dear team," and nothing else; above an empty line it may also end with a full stop. */
  function isGreeting(line: string, apart: boolean): boolean {
    if (line.length > LONGEST_GREETING || !(apart ? /[,!，：:.。！]\s*$/ : /[,!，：:]\s*$/).test(line))
      return false
    if (apart && SALUTATION.test(line)) return true
    const start = line.trimStart().toLowerCase()
    return greetings.some(
      (one) => start.startsWith(one) && /^[^\p{L}\p{M}\d]|^\p{Lo}/u.test(start.slice(one.length)),
    )
  }

  /** From the end upwards: small print of any length, then a name and an address, then the closing. */
  function endOf(lines: readonly string[]): number {
    let end = lines.length
    let signed = 0
    for (let at = lines.length - 1; at > 0 && signed <= MOST_LINES; at -= 1) {
      const line = (lines[at] ?? '').trim()
      if (isClosing(line) || (isContinuedClosing(line) && lines[at - 1] === '')) return closedFrom(lines, at)
      if (isSmallPrint(line)) {
        if (signed === 0) end = at
      } else if (line !== '' && !isSignature(line)) break
      else if (line !== '') signed += 1
    }
    return end
  }

  /** Some closings take two lines. */
  function closedFrom(lines: readonly string[], at: number): number {
    return at > 1 && isClosing((lines[at - 1] ?? '').trim()) ? at - 1 : at
  }

  /** "Kind regards," */
  function isClosing(line: string): boolean {
    return line.length <= longestClosing && closing.has(bareOf(line))
  }

  /** "Many thanks and have a good day!" */
  function isContinuedClosing(line: string): boolean {
    return line.length <= LONGEST_CLOSING && /[,.!]$/.test(line) && beginsWithClosing(line)
  }
}

/** Where a letter in any language ends, below an empty line: a short phrase, then a capitalised name. */
function signedFrom(lines: readonly string[]): number {
  for (let at = Math.max(2, lines.length - MOST_SIGNED); at < lines.length - 1; at += 1) {
    const apart = lines[at - 1] === '' && lines.slice(at + 1).every(isSignature)
    if (apart && PARTING.test(lines[at] ?? '') && NAME.test(lines[at + 1] ?? '')) return at
  }
  return lines.length
}

/** Without closing punctuation, in lower case. */
function bareOf(line: string): string {
  return line.replace(/[,.!，。！]+$/, '').toLowerCase()
}

/** A name, a position, a number or an address: short, and no sentence. */
function isSignature(line: string): boolean {
  return line.length <= LONGEST_LINE && !/[.?!:。？！：]$/.test(line)
}
