import { RE2Set } from 're2js'

/** A pattern that does not compile, or could not run fast. The message is one line. */
export class PatternError extends Error {
  override readonly name = 'PatternError'
}

/** Whether a pattern matches anywhere in the text, or must match all of it. */
export type Where = 'anywhere' | 'whole'

/** Operations of a program's steps, numbered as in re2js. Those above `NOP` read a letter. */
export const ALT = 1
export const ALT_MATCH = 2
export const ASSERT = 4
export const FAIL = 5
export const MATCH = 6
export const NOP = 7
const ANY_LETTER = 10
const ANY_BUT_NEWLINE = 11

/** The supported assertions, `^` and `$`. */
export const AT_START = 4
export const AT_END = 8
const FOLD_CASE = 1

const LAST_CODE_POINT = 0x10_ffff
const NEWLINE = 10

/**
 * Replaces `\b`. Texts are padded with blanks, so consuming a blank or a mark is equivalent, and the
 * automaton need not look both ways.
 */
const EDGE = '[\\x00-/:-@\\[-^`{-¿‐-⁞、-】！-／：-＠]'

/** Joins parts of a pattern that must all be found, in any order. */
const AND = ' && '

/** The parts of a pattern in RE2 syntax; all must be found. */
export function partsOf(pattern: string, where: Where): readonly string[] {
  if (where === 'whole') return [`^(?:${pattern})$`]
  return pattern
    .split(AND)
    .map((part) => part.replace(/\\(.)/gsu, (whole, letter: string) => (letter === 'b' ? EDGE : whole)))
}

/** One instruction of a program. */
export interface Step {
  readonly op: number
  readonly out: number
  /** The alternative exit of an `ALT`, the assertion of an `ASSERT`, or the part found by a `MATCH`. */
  readonly arg: number
  /** Code points read by a letter step, as pairs of first and last. Equal ranges share one array. */
  readonly ranges: readonly number[]
}

/** Several parts compiled by RE2 into one nondeterministic automaton. */
export interface Program {
  readonly steps: readonly Step[]
  readonly start: number
}

/** The fields we read of re2js's internal program, which its types do not declare. */
interface Compiled {
  readonly start: number
  readonly inst: readonly {
    readonly op: number
    readonly out: number
    readonly arg: number
    readonly runes: Int32Array
  }[]
}

/** Compiles parts. Throws a `PatternError` whose message starts with the part's name. */
export function compileParts(parts: readonly string[], nameOf: (part: number) => string): Program {
  const set = new RE2Set(RE2Set.UNANCHORED)
  for (const [index, part] of parts.entries()) {
    try {
      set.add(part)
    } catch (error) {
      throw new PatternError(`"${nameOf(index)}": ${error instanceof Error ? error.message : String(error)}`)
    }
  }
  set.compile()
  const compiled: Compiled = set.prog
  const known = new Map<string | number, readonly number[]>()
  let part = 0
  const steps = compiled.inst.map(({ op, out, arg, runes }) => {
    const refused = whyNot(op, arg, runes)
    if (refused !== undefined) throw new PatternError(`"${nameOf(part)}": ${refused}`)
    if (op === MATCH) part = arg + 1
    return { op, out, arg, ranges: rangesOf(op, runes, known) }
  })
  return { steps, start: compiled.start }
}

function whyNot(op: number, arg: number, runes: Int32Array): string | undefined {
  if (op > ANY_BUT_NEWLINE) return 'lookaround is not supported'
  if (op === ASSERT && arg !== AT_START && arg !== AT_END) {
    return 'the only supported assertions are ^, $ and, in rules, \\b'
  }
  const folds = op > NOP && runes.length === 1 && (arg & FOLD_CASE) !== 0
  return folds ? 'patterns match lower-cased text: (?i) is not supported' : undefined
}

const ALL = [0, LAST_CODE_POINT]
const ALL_BUT_NEWLINE = [0, NEWLINE - 1, NEWLINE + 1, LAST_CODE_POINT]

function rangesOf(
  op: number,
  runes: Int32Array,
  known: Map<string | number, readonly number[]>,
): readonly number[] {
  if (op === ANY_LETTER) return ALL
  if (op === ANY_BUT_NEWLINE) return ALL_BUT_NEWLINE
  const [only = -1] = runes
  const name = runes.length < 2 ? only : runes.join()
  const before = known.get(name)
  if (before !== undefined) return before
  const ranges = runes.length === 1 ? [only, only] : [...runes]
  known.set(name, ranges)
  return ranges
}
