import pino, { type Logger } from 'pino'
import { inertLine } from './log-text.ts'

/** So much is written at once; less is written after a moment. */
const TOGETHER_BYTES = 8_192
const MOMENT_MS = 100

/** Lines that wait for a reader who does not read; more are dropped, and counted: requests never wait for the log. */
const MOST_WAITING_BYTES = 8 * 2 ** 20

/** How long going down waits for whoever reads the log. */
const PATIENCE_MS = 500

/**
 * Where lines go. The file is written to by a thread of libuv's, many lines at once, so that neither a slow disk nor a reader
 * who stalls holds up a request. What waits is written out when the process ends, whatever ends it but SIGKILL.
 */
export class LogOutput {
  readonly #stream
  #dropped = 0

  /** `file`: a file descriptor, 1 for stdout. */
  constructor(file = 1) {
    this.#stream = pino.destination({
      fd: file,
      sync: false,
      minLength: TOGETHER_BYTES,
      maxLength: MOST_WAITING_BYTES,
      periodicFlush: MOMENT_MS,
    })
    this.#stream.on('drop', () => {
      this.#dropped += 1
    })
  }

  /** Lines that were left out because nobody read what came before. */
  get dropped(): number {
    return this.#dropped
  }

  /** For what is seldom said: its lines are on their way at once. */
  logger(level: string): Logger {
    const stream = this.#stream
    return pino(
      { level },
      {
        write(line) {
          stream.write(inertLine(line))
          stream.flush()
        },
      },
    )
  }

  /** A whole line, with its end; for those that come with every request. */
  write(line: string): void {
    this.#stream.write(line)
  }

  /** Resolves when all that was written is out, or after half a second in which nobody read it. */
  async flush(): Promise<void> {
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, PATIENCE_MS)
      this.#stream.flush(() => {
        clearTimeout(timer)
        resolve()
      })
    })
  }
}

let stdout: LogOutput | undefined

/** Stdout is the process's own: it has one writer, however many proxies are in it. */
export function standardOutput(): LogOutput {
  stdout ??= new LogOutput()
  return stdout
}
