/** 0: done. 1: the answer is no. 2: the arguments or the configuration are wrong. */
export type ExitCode = 0 | 1 | 2

/** What a command may use of the outside world, apart from files. */
export interface Io {
  readonly stdin: NodeJS.ReadableStream
  readonly stdout: NodeJS.WritableStream & { readonly isTTY?: boolean; readonly columns?: number }
  readonly stderr: NodeJS.WritableStream & { readonly isTTY?: boolean }
  readonly env: Readonly<Record<string, string | undefined>>
}

/** One command of `trivium`; each has its own file in this folder. */
export interface Command {
  readonly name: string
  /** One line for `trivium --help`. */
  readonly summary: string
  /** The full text of `trivium NAME --help`. */
  readonly usage: string
  /** `args` is what follows the name. A thrown `UsageError` becomes one line on stderr and exit code 2. */
  run(args: readonly string[], io: Io): Promise<ExitCode>
}

/** The arguments or the configuration are wrong; the message is one line that names the file and the key. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}
