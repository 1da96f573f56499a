/** One problem and its location. `path` is the key in readable form: `teams.research.budgets[0].usd`. */
export interface Problem {
  readonly file: string
  /** 1-based; undefined if the file as a whole is meant. */
  readonly line: number | undefined
  /** 1-based; absent if unknown. */
  readonly column?: number
  readonly path: string
  readonly message: string
}

/** `config/trivium.yaml:12: teams.research.budgts: unknown key; did you mean "budgets"?` */
export function formatProblem({ file, line, path, message }: Problem): string {
  const location = line === undefined ? file : `${file}:${line}`
  return path === '' ? `${location}: ${message}` : `${location}: ${path}: ${message}`
}

/**
 * A configuration that cannot run: every problem found, one per line of `message`. Names keys, never values,
 * so that no secret reaches a log.
 */
export class ConfigError extends Error {
  override readonly name = 'ConfigError'
  readonly problems: readonly Problem[]
  /** Environment variables that are referenced but not set and have no default. */
  readonly unset: readonly string[]

  constructor(problems: readonly Problem[], unset: readonly string[] = []) {
    const inOrder = problems.toSorted((a, b) => (a.line ?? 0) - (b.line ?? 0))
    super(inOrder.map(formatProblem).join('\n'))
    this.problems = inOrder
    this.unset = unset
  }
}

/** A file that cannot be edited here because of its mode or location. */
export class ReadOnlyFile extends ConfigError {
  constructor(file: string, message: string) {
    super([{ file, line: undefined, path: '', message }])
  }
}

/** The system's code of an error, such as `ENOENT`. */
export function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'unknown error'
}
