import { compilePatterns } from './pattern-set.ts'
import type { FollowUp } from './rule.ts'

/** Longer turns say enough by themselves. UTF-16 units. */
const LONGEST = 80

/** Words of the longest filler or opening. */
const LONGEST_PHRASE = 4

/** Words that may stand after an opening: "what about 1998", "und auf dem Mond". */
const MOST_AFTER_OPENING = 3

/** Marks that end a clause; a point or comma within a figure does not. */
const CLAUSE_END = /[,.:;!?…]+(?:\s|$)|[¡¿。，、！？；：،؛؟।—\n]+/

type Words = readonly string[]

/** Tells turns that ask nothing by themselves: "continue", "thanks! et en Python ?", "为什么？", a thumb up. */
export function compileFollowUps(followUps: readonly FollowUp[]): (text: string) => boolean {
  const phrases = (list: 'fillers' | 'alone' | 'openings') => new Set(followUps.flatMap((one) => one[list]))
  const fillers = phrases('fillers')
  const alone = phrases('alone')
  const openings = phrases('openings')
  const finders = followUps.map(({ patterns }) => compilePatterns(patterns, 'whole'))

  return (text) => text.length <= LONGEST && clausesOf(text).every(continues)

  function continues(words: Words): boolean {
    if (words.length === 0 || isFragment(words)) return true
    const before = phraseAt('start', words, fillers)
    if (before > 0) return continues(words.slice(before))
    const after = phraseAt('end', words, fillers)
    return after > 0 && continues(words.slice(0, -after))
  }

  function isFragment(words: Words): boolean {
    const clause = words.join(' ')
    if (alone.has(clause)) return true
    const opening = phraseAt('start', words, openings)
    const opens = opening > 0 && words.length - opening <= MOST_AFTER_OPENING
    // "and who made it" asks; "and the captain" does not.
    if (opens && !alone.has(words[opening] ?? '')) return true
    return finders.some((find) => find(clause).length > 0)
  }
}

/** How many words the longest of the phrases at that end has; 0 where none stands there. */
function phraseAt(end: 'start' | 'end', words: Words, phrases: ReadonlySet<string>): number {
  for (let count = Math.min(LONGEST_PHRASE, words.length); count > 0; count -= 1) {
    const some = end === 'start' ? words.slice(0, count) : words.slice(-count)
    if (phrases.has(some.join(' '))) return count
  }
  return 0
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
