/** One thing that is wrong, and where. `path` is the key as people say it: `teams.research.budgets[0].usd`. */
export interface Problem {
  readonly file: string
  /** Counted from 1; undefined where the file as a whole is meant. */
  readonly line: number | undefined
  /** Counted from 1; absent where it is not known. */
  readonly column?: number
  readonly path: string
  readonly message: string
}

/** `config/trivium.yaml:12: teams.research.budgts: unknown key; did you mean "budgets"?` */
export function formatProblem({ file, line, path, message }: Problem): string {
  const place = line === undefined ? file : `${file}:${line}`
  return path === '' ? `${place}: ${message}` : `${place}: ${path}: ${message}`
}

/**
 * A configuration that cannot run: every problem found, one per line of `message`. Names keys, never values, so that
 * no secret reaches a log.
 */
export class ConfigError extends Error {
  override readonly name = 'ConfigError'
  readonly problems: readonly Problem[]
  /** Environment variables that are named, not set, and have no default. */
  readonly unset: readonly string[]

  constructor(problems: readonly Problem[], unset: readonly string[] = []) {
    const inOrder = problems.toSorted((a, b) => (a.line ?? 0) - (b.line ?? 0))
    super(inOrder.map(formatProblem).join('\n'))
    this.problems = inOrder
    this.unset = unset
  }
}
