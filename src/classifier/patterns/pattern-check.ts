import { Automaton } from './automaton.ts'
import { DEAD } from './cells.ts'
import { alphabetOf, determine } from './determine.ts'
import { longPartsOf } from './long-part.ts'
import { compileParts, PatternError, partsOf, type Where } from './pattern.ts'
import { MOST_STATES, REACH } from './pattern-set.ts'
import { Symbols } from './symbols.ts'

/** Ordinary text in several scripts. */
const SAMPLE =
  " it's one of the things that people ask about: 42 of them, (say) a = 3.5? quelle est l'idée derrière; wo ist er? " +
  '如何在三天内学会做饭？日本語の文章です。что это такое? هذا نص قصير यह एक वाक्य है 이것은 문장입니다 '

/** The most letters a match may be followed for, on average per letter of ordinary text. */
const MOST_STEPS = 6

/** What nobody writes, but an attacker or a broken keyboard sends: one letter over and over. */
const RUNS = ['1', 'a', ' ', '-', '一'].map((letter) => ` ${letter.repeat(256)} `)

/** The same for those: half their length means that every letter is followed to the end. */
const MOST_STEPS_IN_RUN = 64

/** The fault of each pattern that does not compile or would be slow. */
export function faultsOf(patterns: readonly string[], where: Where): ReadonlyMap<number, string> {
  const faults = new Map<number, string>()
  // Compiling them together takes a third of the time, and nearly always nothing is wrong.
  const suspects = suspectsAmong(patterns, where)
  for (const index of suspects) {
    const fault = faultOf(patterns[index] ?? '', where)
    if (fault !== undefined) faults.set(index, fault)
  }
  return faults
}

/** Patterns to check one by one: all if any does not compile, otherwise those with unbounded repeats. */
function suspectsAmong(patterns: readonly string[], where: Where): ReadonlySet<number> {
  const parsed = patterns.map((pattern) => partsOf(pattern, where))
  const owners = parsed.flatMap((parts, owner) => parts.map(() => owner))
  try {
    const program = compileParts(parsed.flat(), () => '')
    // Whole turns are short and matched from the start only, so nothing is slow.
    if (where === 'whole') return new Set()
    return new Set(longPartsOf(program, REACH).map((part) => owners[part] ?? 0))
  } catch (error) {
    if (error instanceof PatternError) return new Set(patterns.keys())
    throw error
  }
}

function faultOf(pattern: string, where: Where): string | undefined {
  try {
    const program = compileParts(partsOf(pattern, where), () => pattern)
    const alphabet = alphabetOf([program])
    const table = determine(program, alphabet, MOST_STATES)
    const symbols = new Symbols(alphabet.table)
    const automaton = new Automaton(table, symbols.groupOf)
    return where === 'whole' ? undefined : slownessOf(pattern, automaton, symbols)
  } catch (error) {
    if (error instanceof PatternError) return error.message
    throw error
  }
}

function slownessOf(pattern: string, automaton: Automaton, symbols: Symbols): string | undefined {
  if (stepsPerLetter(SAMPLE, automaton, symbols) > MOST_STEPS)
    return `"${pattern}": would be tried at almost every character of any text and followed far: start it with a word, and join parts with " && " instead of ".*"`
  const run = RUNS.find((one) => stepsPerLetter(one, automaton, symbols) > MOST_STEPS_IN_RUN)
  if (run === undefined) return undefined
  return `"${pattern}": would be followed to the end from every character of "${run.slice(1, 9)}…": begin it with what stands before the repeated characters, such as \\b`
}

function stepsPerLetter(sample: string, automaton: Automaton, symbols: Symbols): number {
  const spelt = new Uint16Array(sample.length)
  const length = symbols.spell(sample, spelt)
  let steps = 0
  for (let from = 1; from < length; from += 1) {
    let state = automaton.later
    for (let at = from; at < length && state !== DEAD; at += 1) {
      state = automaton.step(state, spelt[at] ?? 0)
      steps += 1
    }
  }
  return steps / length
}
