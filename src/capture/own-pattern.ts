import { RE2JS } from 're2js'
import type { Finder } from './secrets/secret.ts'

/** What a configuration wants taken out beside the built-in kinds. */
export interface OwnPattern {
  /** Stands in its place, between brackets. */
  readonly mark: string
  /** RE2's syntax: time linear in the text, whatever is written. */
  readonly pattern: string
}

/** Why a pattern cannot be used; undefined where it can. */
export function whyUnusable(pattern: string): string | undefined {
  try {
    return RE2JS.compile(pattern).test('') ? 'matches an empty text, which stands everywhere' : undefined
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

/** Compiles a pattern that is usable. */
export function compileOwn({ mark, pattern }: OwnPattern): Finder {
  const engine = RE2JS.compile(pattern)
  return function* find(text) {
    const matcher = engine.matcher(text)
    while (matcher.find()) yield { start: matcher.start(), end: matcher.end(), mark }
  }
}
