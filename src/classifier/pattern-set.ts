import { RE2Set } from 're2js'

/** A pattern that does not compile, or that would not run in one pass. */
export class PatternError extends Error {
  override readonly name = 'PatternError'
}

const EDGE = '[^\\pL\\pN_]'

/**
 * A `\b` would take the engine off its fast path. The texts are padded with blanks, so at an end of a pattern one
 * character that is no letter says the same.
 */
function withEdges(pattern: string): string {
  const head = pattern.startsWith('\\b')
  const tail = pattern.endsWith('\\b') && !pattern.endsWith('\\\\b')
  const middle = pattern.slice(head ? 2 : 0, tail ? -2 : undefined)
  if (/(^|[^\\])(\\\\)*\\[bB]/.test(middle)) {
    throw new PatternError(`"${pattern}": \\b may stand at either end only`)
  }
  return `${head ? EDGE : ''}(?:${middle})${tail ? EDGE : ''}`
}

/**
 * Many patterns, found in one pass over the text, in time linear in its length (RE2's automata).
 * Throws a `PatternError` that names the pattern.
 */
export function compilePatterns(
  patterns: readonly string[],
  where: 'anywhere' | 'whole',
): (text: string) => readonly number[] {
  if (patterns.length === 0) return () => []
  const set = new RE2Set(where === 'whole' ? RE2Set.ANCHOR_BOTH : RE2Set.UNANCHORED)
  for (const pattern of patterns) {
    const source = where === 'whole' ? `(?:${pattern})` : withEdges(pattern)
    try {
      set.add(source)
    } catch (error) {
      throw new PatternError(`"${pattern}": ${error instanceof Error ? error.message : String(error)}`)
    }
  }
  set.compile()
  return (text) => set.match(text)
}
