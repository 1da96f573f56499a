import { RE2Set } from 're2js'

/** A pattern that does not compile, or that would not run in one pass. */
export class PatternError extends Error {
  override readonly name = 'PatternError'
}

/**
 * Stands for `\b`, which would take the engine off its fast path: the texts are padded with blanks, so a blank or a
 * mark says the same. Few ranges, since each of them widens every state of the automaton.
 */
const EDGE = '[\\x00-/:-@\\[-^`{-¿‐-⁞、-】！-／：-＠]'

/** Joins parts of a pattern that must all be found, in any order: cheap where `.*` would blow the automaton up. */
const AND = ' && '

/** Memory of one automaton's states, in bytes; beyond it, states are forgotten and built again. */
const MEMORY = 32 * 1024 * 1024

/**
 * Patterns of one script share an automaton, which runs on texts that hold the script only: a state has an entry
 * for every letter its patterns tell apart, so Chinese rules would make English ones large and slow.
 */
const SCRIPTS: readonly RegExp[] = [
  /[\u3040-\u30ff\u3400-\u9fff]/,
  /[\uac00-\ud7af]/,
  /[\u0400-\u04ff]/,
  /[\u0600-\u06ff]/,
  /[\u0900-\u097f]/,
]

/**
 * Many patterns, found in one pass for each script of the text, in time linear in its length (RE2's automata).
 * Answers which patterns match, in their order. Throws a `PatternError` that names the pattern.
 */
export function compilePatterns(
  patterns: readonly string[],
  where: 'anywhere' | 'whole',
): (text: string) => readonly number[] {
  const sizes: number[] = []
  const groups = new Map<Script, { readonly set: RE2Set; readonly owners: number[] }>()
  for (const [owner, pattern] of patterns.entries()) {
    const parts = where === 'whole' ? [pattern] : pattern.split(AND).map(withEdges)
    sizes.push(parts.length)
    for (const part of parts) {
      const script = scriptOf(part)
      const group = groups.get(script) ?? {
        set: new RE2Set(where === 'whole' ? RE2Set.ANCHOR_BOTH : RE2Set.UNANCHORED, 0, MEMORY),
        owners: [],
      }
      groups.set(script, group)
      addTo(group.set, part, pattern)
      group.owners.push(owner)
    }
  }
  for (const { set } of groups.values()) set.compile()

  return (text) => {
    const missing = new Map<number, number>()
    const whole: number[] = []
    for (const [script, { set, owners }] of groups) {
      if (typeof script !== 'string' && !script.test(text)) continue
      for (const part of set.match(text)) {
        const owner = owners[part] ?? 0
        const left = (missing.get(owner) ?? sizes[owner] ?? 1) - 1
        missing.set(owner, left)
        if (left === 0) whole.push(owner)
      }
    }
    return whole.sort((a, b) => a - b)
  }
}

type Script = RegExp | 'latin' | 'mixed'

/** The script a part cannot match without; `mixed` where letters of several may do. */
function scriptOf(part: string): Script {
  const letters = part.replaceAll(EDGE, '').replace(/\\./g, '')
  const script = SCRIPTS.find((one) => one.test(letters))
  if (script === undefined) return 'latin'
  return /[a-z]/i.test(letters) ? 'mixed' : script
}

function withEdges(pattern: string): string {
  return pattern.replace(/\\(.)/gsu, (whole, letter: string) => {
    if (letter === 'B') throw new PatternError(`"${pattern}": \\B is not supported`)
    return letter === 'b' ? EDGE : whole
  })
}

function addTo(set: RE2Set, part: string, pattern: string): void {
  try {
    set.add(`(?:${part})`)
  } catch (error) {
    throw new PatternError(`"${pattern}": ${error instanceof Error ? error.message : String(error)}`)
  }
}
