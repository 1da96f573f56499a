import { tablesOf } from '../book-tables.ts'
import { createWholeFinder } from '../patterns/whole-set.ts'
import type { RuleBook } from '../rule.ts'
import { Phrases } from './phrases.ts'

/** Longer turns can stand on their own. UTF-16 units. */
export const LONGEST_FOLLOW_UP = 80

/** Words that may follow an opening: "what about 1998", "und dann auf dem Mond". */
const MOST_AFTER_OPENING = 4

/** Maximum words of a clause that asks nothing. */
const MOST_WORDS = 10

/** Marks that end a clause; a point or comma within a number does not. */
const CLAUSE_END = /[,.:;!?…]+(?:\s|$)|[¡¿。，、！？；：،؛؟।—\n]+/

type Words = readonly string[]

/**
 * How a turn depends on earlier asks. `close`: it asks nothing by itself ("continue", "thanks! and why?", a
 * thumbs up). `loose`: it opens like a fragment ("and in Java?"), but might be an ask ("and write a poem").
 * `vague`: it has traits of a fragment ("the port is open"). `none`: neither lists nor weights show a
 * dependence.
 */
export type Tie = 'close' | 'loose' | 'vague' | 'none'

/** Determines how turns depend on earlier asks, by the lists of all languages at once. */
export function compileFollowUps(book: RuleBook): (text: string) => Tie {
  const followUps = book.follow_ups
  const phrases = (list: 'fillers' | 'alone' | 'openings') =>
    new Phrases(followUps.flatMap((one) => one[list]))
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
    const before = fillers.beginning(words)
    const after = before > 0 ? 0 : fillers.ending(words)
    const inner = before + after > 0 ? tieOf(words.slice(before, words.length - after)) : 'none'
    return inner === 'none' && opens(words) ? 'loose' : inner
  }

  function asksNothing(clause: string): boolean {
    return alone.has(clause) || find(clause).length > 0
  }

  /** True for "and the captain"; "and who made it" is an ask. */
  function opens(words: Words): boolean {
    const opening = openings.beginning(words)
    return opening > 0 && words.length - opening <= MOST_AFTER_OPENING && !alone.has(words[opening] ?? '')
  }
}

/** The words of each clause: lower case, straight apostrophes, no outer marks. Lazy: one often decides. */
function* clausesOf(text: string): Generator<Words> {
  for (const clause of text.toLowerCase().replaceAll('’', "'").split(CLAUSE_END)) {
    const bare = clause.replace(/^[\s\p{P}\p{S}]+|[\s\p{P}\p{S}]+$/gu, '')
    if (bare !== '') yield bare.split(/\s+/)
  }
}
