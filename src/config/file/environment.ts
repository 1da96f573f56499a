export type Environment = Readonly<Record<string, string | undefined>>

const REFERENCE = /\$\$\{|\$\{([A-Za-z_][A-Za-z0-9_]*)(?::-([^}]*))?\}/g

/** A text with its references resolved, and the variables that were missing. */
export interface Substituted {
  readonly text: string
  readonly unset: readonly string[]
}

/**
 * Resolves `${NAME}` and `${NAME:-default}`; `$${` stands for a literal `${`. As in a shell, an empty
 * variable counts as unset. Substitution is not recursive: a `${` inside a value is left alone.
 */
export function substitute(text: string, env: Environment): Substituted {
  const unset: string[] = []
  const filled = text.replace(
    REFERENCE,
    (reference, name: string | undefined, fallback: string | undefined) => {
      if (name === undefined) return '${'
      const value = env[name]
      if (value !== undefined && value !== '') return value
      if (fallback === undefined) unset.push(name)
      return fallback ?? reference
    },
  )
  return { text: filled, unset }
}

/**
 * Whether the text contains a `${` that does not start a valid reference, because its brace or its name is
 * missing or wrong.
 */
export function holdsBrokenReference(text: string): boolean {
  return text.replace(REFERENCE, ' ').includes('${')
}

/** What is said where a variable without a value and without a default stands. */
export function whyUnset(name: string): string {
  return `environment variable ${name} is not set`
}
