/** Names of slots in a prompt filled in by a program: `Context: …`, `Question: …`, and an empty `Answer:`. */
export interface Slots {
  /** Hold the person's words. */
  readonly ask: readonly string[]
  /** Hold something else. */
  readonly rest: readonly string[]
  /** Empty at the end: people never leave one. */
  readonly answer: readonly string[]
}

const LONGEST_NAME = 32
/** UTF-16 units. */
const LONGEST_BELOW = 200

/** The content of the last slot for words; unchanged unless the text ends with an empty answer slot. */
export function compileSlots({ ask, rest, answer }: Slots): (text: string) => string {
  const asks = new Set(ask)
  const answers = new Set(answer)
  const names = new Set([...ask, ...rest, ...answer])

  return (text) => {
    if (!text.includes('\n')) return text
    const whole = text.trimEnd()
    if (!whole.endsWith(':') && !whole.endsWith('：')) return text
    const lines = whole.split('\n')
    const last = nameOf(lines.at(-1) ?? '')
    if (lines.length < 2 || !(answers.has(last) || answers.has(last.split(' ', 1)[0] ?? ''))) return text
    const begin = lines.findLastIndex((line) => asks.has(nameOf(line)))
    if (begin === -1) return text
    const next = lines.findIndex((line, at) => at > begin && (names.has(nameOf(line)) || FILLED.test(line)))
    // Below a question stands what a person asks about; programs put what they found above it.
    if (lines.slice(next, -1).join('\n').length > LONGEST_BELOW) return text
    const [first = '', ...more] = lines.slice(begin, next === -1 ? -1 : next)
    const words = [first.slice(first.search(COLON) + 1), ...more].join('\n').trim()
    return words === '' ? text : words
  }
}

const COLON = /[:：]/
/** A slot of any name of two words or more, with little in it: "Previous actions: none". */
const FILLED = /^\p{Lu}\p{L}+(?: \p{L}+){1,2}: \S[^?？]{0,31}$/u

/** The slot name a line begins with, in lower case; empty if it has none. */
function nameOf(line: string): string {
  const end = line.slice(0, LONGEST_NAME).search(COLON)
  return end === -1 ? '' : line.slice(0, end).replaceAll('*', '').trim().toLowerCase()
}
