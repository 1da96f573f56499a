import { tablesOf } from './book-tables.ts'
import type { RuleBook } from './rule.ts'
import { createWholeFinder } from './whole-set.ts'

/** Longer turns say enough by themselves. UTF-16 units. */
export const LONGEST_FOLLOW_UP = 80

/** Words of the longest filler or opening. */
const LONGEST_PHRASE = 4

/** Words that may stand after an opening: "what about 1998", "und dann auf dem Mond". */
const MOST_AFTER_OPENING = 4

/** Words of a clause that may still ask nothing. */
const MOST_WORDS = 10

/** Marks that end a clause; a point or comma within a figure does not. */
const CLAUSE_END = /[,.:;!?…]+(?:\s|$)|[¡¿。，、！？；：،؛؟।—\n]+/

type Words = readonly string[]

/**
 * How a turn hangs on what was asked before. `close`: it asks nothing by itself ("continue", "thanks! and why?", a thumb
 * up). `loose`: it opens like a fragment ("and in Java?"), and might yet be an ask ("and write a poem"). `vague`: it has
 * something of a fragment ("the port is open"). `none`: it may still be one that neither lists nor weights know.
 */
export type Tie = 'close' | 'loose' | 'vague' | 'none'

/** Tells how turns hang on what was asked before, by the lists of all languages at once. */
export function compileFollowUps(book: RuleBook): (text: string) => Tie {
  const followUps = book.follow_ups
  const phrases = (list: 'fillers' | 'alone' | 'openings') => new Set(followUps.flatMap((one) => one[list]))
  const fillers = phrases('fillers')
  const alone = phrases('alone')
  const openings = phrases('openings')
  const find = createWholeFinder(tablesOf(book).followUps)

  return (text) => {
    if (text.length > LONGEST_FOLLOW_UP) return 'none'
    let whole: Tie = 'close'
    for (const clause of clausesOf(text)) {
      const tie = tieOf(clause)
      if (tie === 'none') return tie
      if (tie === 'loose') whole = tie
    }
    return whole
  }

  function tieOf(words: Words): Tie {
    if (words.length > MOST_WORDS) return 'none'
    if (words.length === 0 || asksNothing(words.join(' '))) return 'close'
    const before = phraseAt('start', words, fillers)
    const after = before > 0 ? 0 : phraseAt('end', words, fillers)
    const inner = before + after > 0 ? tieOf(words.slice(before, words.length - after)) : 'none'
    return inner === 'none' && opens(words) ? 'loose' : inner
  }

  function asksNothing(clause: string): boolean {
    return alone.has(clause) || find(clause).length > 0
  }

  /** "and the captain" does; "and who made it" asks. */
  function opens(words: Words): boolean {
    const opening = phraseAt('start', words, openings)
    return opening > 0 && words.length - opening <= MOST_AFTER_OPENING && !alone.has(words[opening] ?? '')
  }
}

/** How many words the longest of the phrases at that end has; 0 where none stands there. */
function phraseAt(end: 'start' | 'end', words: Words, phrases: ReadonlySet<string>): number {
  let phrase = ''
  let longest = 0
  for (let count = 1; count <= LONGEST_PHRASE && count <= words.length; count += 1) {
    const word = words.at(end === 'start' ? count - 1 : -count) ?? ''
    if (count === 1) phrase = word
    else phrase = end === 'start' ? `${phrase} ${word}` : `${word} ${phrase}`
    if (phrases.has(phrase)) longest = count
  }
  return longest
}

/** The words of each clause: lower case, straight apostrophes, no marks around them. */
function clausesOf(text: string): readonly Words[] {
  return text
    .toLowerCase()
    .replaceAll('’', "'")
    .split(CLAUSE_END)
    .map((clause) => clause.replace(/^[\s\p{P}\p{S}]+|[\s\p{P}\p{S}]+$/gu, ''))
    .filter((clause) => clause !== '')
    .map((clause) => clause.split(/\s+/))
}
