import { RE2JS } from 're2js'
import type { Finder } from './secrets/secret.ts'

/** A pattern that a configuration redacts in addition to the built-in kinds. */
export interface OwnPattern {
  /** Replaces it, in brackets. */
  readonly mark: string
  /** RE2 syntax, so time is linear in the text for any pattern. */
  readonly pattern: string
}

/** Why a pattern cannot be used; undefined if it can. */
export function whyUnusable(pattern: string): string | undefined {
  try {
    return RE2JS.compile(pattern).test('')
      ? 'matches the empty string, so it would match everywhere'
      : undefined
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

/** Compiles a usable pattern. */
export function compileOwn({ mark, pattern }: OwnPattern): Finder {
  const engine = RE2JS.compile(pattern)
  return function* find(text) {
    const matcher = engine.matcher(text)
    while (matcher.find()) yield { start: matcher.start(), end: matcher.end(), mark }
  }
}
