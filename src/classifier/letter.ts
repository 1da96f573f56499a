import { compileBeginnings } from './beginning.ts'

/** What stands around the words of letters, in lower case. */
export interface LetterFrame {
  /** How a first line begins that only greets. */
  readonly greetings: readonly string[]
  /** Lines above a name: "kind regards". */
  readonly closings: readonly string[]
  /** How lines begin that a mail program or a company adds: "sent from my iphone", "this e-mail is confidential". */
  readonly small_print: readonly string[]
}

/** A signature is as long as this at most. Lines, and UTF-16 units of a line. */
const MOST_LINES = 8
const LONGEST_LINE = 70
const LONGEST_GREETING = 30

/** Greeting, signature and small print around a letter's words are taken off; where nothing else is said, it stays as it is. */
export function compileLetters({ greetings, closings, small_print }: LetterFrame): (text: string) => string {
  const closing = new Set(closings)
  const isSmallPrint = compileBeginnings(small_print)

  return (text) => {
    if (!text.includes('\n')) return text
    const lines = text.trimEnd().split('\n')
    const begin = isGreeting(lines[0] ?? '') ? 1 : 0
    const end = endOf(lines)
    if (begin === 0 && end === lines.length) return text
    const words = lines.slice(begin, end).join('\n').trim()
    return words === '' ? text : words
  }

  /** "Dear team," and nothing more. */
  function isGreeting(line: string): boolean {
    if (line.length > LONGEST_GREETING || !/[,!，：:]\s*$/.test(line)) return false
    const start = line.trimStart().toLowerCase()
    return greetings.some(
      (one) => start.startsWith(one) && /^[^\p{L}\p{M}\d]|^\p{Lo}/u.test(start.slice(one.length)),
    )
  }

  /** From the end up: small print of any length, then lines of a name and an address, then the closing. */
  function endOf(lines: readonly string[]): number {
    let end = lines.length
    let signed = 0
    for (let at = lines.length - 1; at > 0 && signed <= MOST_LINES; at -= 1) {
      const line = (lines[at] ?? '').trim()
      if (closing.has(line.replace(/[,.!，。！]+$/, '').toLowerCase())) return closedFrom(lines, at)
      if (isSmallPrint(line)) {
        if (signed === 0) end = at
      } else if (line !== '' && !isSignature(line)) break
      else if (line !== '') signed += 1
    }
    return end
  }

  /** Some close in two lines. */
  function closedFrom(lines: readonly string[], at: number): number {
    const before = (lines[at - 1] ?? '').trim().replace(/[,.!，。！]+$/, '')
    return at > 1 && closing.has(before.toLowerCase()) ? at - 1 : at
  }
}

/** A name, a post, a number or an address: short, and no sentence. */
function isSignature(line: string): boolean {
  return line.length <= LONGEST_LINE && !/[.?!:。？！：]$/.test(line)
}
