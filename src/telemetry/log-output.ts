import { write, writeSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import pino, { type Logger } from 'pino'
import { inertLine } from './log-text.ts'

/** So much is written at once; less is written after a moment. */
const TOGETHER_LETTERS = 8_192
const MOMENT_MS = 100

/** Lines that wait for a reader or for room on a disk; more are dropped, and counted: requests never wait for the log. */
const MOST_WAITING_LETTERS = 8 * 2 ** 20

/** How long going down waits for whoever reads the log. */
const PATIENCE_MS = 500
const PAUSE_MS = 10

/**
 * Where lines go. The file is written to by a thread of libuv's, many lines at once, so that neither a slow disk nor a reader
 * who stalls holds up a request. What waits is written out when the process ends, whatever ends it but SIGKILL; what cannot
 * be written, to a full disk or for nobody, holds up neither requests nor the end.
 */
export class LogOutput {
  readonly #file: number
  /** Oldest first, each of many lines. */
  readonly #full: string[] = []
  /** The newest lines. */
  #open = ''
  /** Of the oldest lines, what is being written, or was tried to be. */
  #rest: Buffer | undefined
  #isWriting = false
  #waitingLetters = 0
  #hasReader = true
  #dropped = 0

  /** `file`: a file descriptor, 1 for stdout. */
  constructor(file = 1) {
    this.#file = file
    setInterval(() => this.#send(), MOMENT_MS).unref()
    process.once('exit', () => this.#writeOut())
  }

  /** Lines that were left out because nobody read what came before, or no disk took it. */
  get dropped(): number {
    return this.#dropped
  }

  /** For what is seldom said: its lines are on their way at once. */
  logger(level: string): Logger {
    return pino(
      { level },
      {
        write: (line) => {
          this.write(inertLine(line))
          this.#send()
        },
      },
    )
  }

  /** A whole line, with its end; for those that come with every request. */
  write(line: string): void {
    if (!this.#hasReader || this.#waitingLetters + line.length > MOST_WAITING_LETTERS) {
      this.#dropped += 1
      return
    }
    this.#waitingLetters += line.length
    this.#open += line
    if (this.#open.length < TOGETHER_LETTERS) return
    this.#full.push(this.#open)
    this.#open = ''
    this.#send()
  }

  /** Resolves when all that was written is out, or after half a second in which it was not taken. */
  async flush(): Promise<void> {
    const deadline = performance.now() + PATIENCE_MS
    for (;;) {
      this.#send()
      if (!this.#isWriting && this.#rest === undefined) return
      if (performance.now() > deadline) return
      await sleep(PAUSE_MS)
    }
  }

  /** Begins to write what waits. What is not taken now is tried again after a moment. */
  #send(): void {
    if (this.#isWriting) return
    this.#rest ??= this.#next()
    if (this.#rest === undefined) return
    this.#isWriting = true
    write(this.#file, this.#rest, (error, bytes) => {
      this.#isWriting = false
      if (error !== null) return this.#heed(error)
      this.#rest = behind(this.#rest, bytes)
      this.#send()
    })
  }

  #next(): Buffer | undefined {
    if (this.#full.length === 0 && this.#open !== '') {
      this.#full.push(this.#open)
      this.#open = ''
    }
    const lines = this.#full.shift()
    if (lines === undefined) return undefined
    this.#waitingLetters -= lines.length
    return Buffer.from(lines)
  }

  #heed({ code }: NodeJS.ErrnoException): void {
    // Nobody will ever read it again; whatever else is the matter may pass.
    if (code !== 'EPIPE') return
    this.#hasReader = false
    this.#rest = undefined
    this.#full.length = 0
    this.#open = ''
  }

  /** The process ends: nothing else will be done. */
  #writeOut(): void {
    // A thread has the oldest lines, and finishes them by itself.
    if (this.#isWriting) this.#rest = undefined
    const deadline = performance.now() + PATIENCE_MS
    for (;;) {
      this.#rest ??= this.#next()
      if (this.#rest === undefined) return
      try {
        this.#rest = behind(this.#rest, writeSync(this.#file, this.#rest))
      } catch (error) {
        const isBusy = error instanceof Error && 'code' in error && error.code === 'EAGAIN'
        if (!isBusy || performance.now() > deadline) return
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, PAUSE_MS)
      }
    }
  }
}

function behind(bytes: Buffer | undefined, written: number): Buffer | undefined {
  return bytes === undefined || written >= bytes.length ? undefined : bytes.subarray(written)
}

let stdout: LogOutput | undefined

/** Stdout is the process's own: it has one writer, however many proxies are in it. */
export function standardOutput(): LogOutput {
  stdout ??= new LogOutput()
  return stdout
}
