import { Automaton, DEAD } from './automaton.ts'
import { LongPart, longPartsOf } from './long-part.ts'
import { compileParts, partsOf, type Where } from './pattern.ts'

/** Letters a match is followed for before the plain engine takes over: what keeps time linear in the text. */
const REACH = 128

/** Far more than any sensible set of patterns needs; each takes a few dozen bytes. */
const MOST_STATES = 150_000

/** Memory for texts of this many letters is kept; longer ones get their own. */
const USUAL = 8_192

const NONE: readonly number[] = []

/**
 * Many patterns, found in one pass and in time linear in the text. Answers which patterns match, in their order.
 * Throws a `PatternError`.
 */
export function compilePatterns(
  patterns: readonly string[],
  where: Where,
): (text: string) => readonly number[] {
  const parsed = patterns.map((pattern) => partsOf(pattern, where))
  const parts = parsed.flat()
  const owners = parsed.flatMap((own, owner) => own.map(() => owner))
  const sizes = parsed.map((own) => own.length)
  const program = compileParts(parts, (part) => patterns[owners[part] ?? 0] ?? '')
  const long = longPartsOf(program, REACH).map((part) => new LongPart(part, parts[part] ?? ''))
  const automaton = new Automaton(program, MOST_STATES)
  const { symbols, first, later } = automaton
  const firstAfter = Int32Array.from({ length: symbols.size }, (_, symbol) => automaton.step(first, symbol))
  const laterAfter = Int32Array.from({ length: symbols.size }, (_, symbol) => automaton.step(later, symbol))

  const usual = new Uint16Array(USUAL)
  let spelt = usual
  let length = 0
  /** Which search found a part last; which one met a pattern last, and how many of its parts it still misses. */
  const foundIn = new Float64Array(parts.length)
  const metIn = new Float64Array(patterns.length)
  const missing = new Int32Array(patterns.length)
  let search = 0
  let whole: number[] = []

  function add(found: readonly number[]): void {
    for (const part of found) {
      if (foundIn[part] === search) continue
      foundIn[part] = search
      const owner = owners[part] ?? 0
      const left = (metIn[owner] === search ? (missing[owner] ?? 1) : (sizes[owner] ?? 1)) - 1
      metIn[owner] = search
      missing[owner] = left
      if (left === 0) whole.push(owner)
    }
  }

  /** Walks on from the state after the letter before `from`. Answers whether it was stopped by `until`. */
  function walk(state: number, from: number, until: number): boolean {
    let now = state
    for (let at = from; now !== DEAD; at += 1) {
      if (automaton.finds[now] === 1) add(automaton.found[now] ?? NONE)
      if (at >= until) {
        if (at === length) add(automaton.foundAtEnd[now] ?? NONE)
        return at < length
      }
      now = automaton.step(now, spelt[at] ?? 0)
    }
    return false
  }

  return (text) => {
    search += 1
    whole = []
    spelt = text.length <= USUAL ? usual : new Uint16Array(text.length)
    length = symbols.spell(text, spelt)
    if (automaton.finds[first] === 1 || length === 0) walk(first, 0, 0)
    if (length > 0) walk(firstAfter[spelt[0] ?? 0] ?? DEAD, 1, length)
    if (where === 'anywhere') {
      let overlong = false
      for (let at = 1; at < length; at += 1) {
        const state = laterAfter[spelt[at] ?? 0] ?? DEAD
        if (state !== DEAD && walk(state, at + 1, Math.min(length, at + REACH))) overlong = true
      }
      if (length > 0) walk(later, length, length)
      if (overlong) for (const part of long) if (part.found(text)) add([part.index])
    }
    return whole.length < 2 ? whole : whole.sort((a, b) => a - b)
  }
}
