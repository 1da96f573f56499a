export type Environment = Readonly<Record<string, string | undefined>>

const REFERENCE = /\$\$\{|\$\{([A-Za-z_][A-Za-z0-9_]*)(?::-([^}]*))?\}/g

/** A text with its references filled in, and the variables it needed and did not find. */
export interface Substituted {
  readonly text: string
  readonly unset: readonly string[]
}

/**
 * Fills in `${NAME}` and `${NAME:-default}`; `$${` stands for a plain `${`. As in a shell, an empty variable counts
 * as unset. Values are taken as they are: a `${` inside one is not looked at again.
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

/** Whether a `${` stands in the text that begins no reference, because its brace is missing or its name is none. */
export function holdsBrokenReference(text: string): boolean {
  return text.replace(REFERENCE, ' ').includes('${')
}
