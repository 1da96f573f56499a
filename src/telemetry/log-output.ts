import { write, writeSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import pino, { type Logger } from 'pino'
import { inertLine } from './log-text.ts'

/** Letters written together; fewer are written after a moment. */
const TOGETHER_LETTERS = 8_192
/** How many such pieces are written at once: of a busy process one write is done in each turn of the event loop. */
const MOST_PIECES = 64
const MOMENT_MS = 100

/** Letters waiting to be written. Beyond this, lines are dropped and counted: requests never wait. */
const MOST_WAITING_LETTERS = 8 * 2 ** 20

/** How long shutdown waits for the log's reader. */
const PATIENCE_MS = 500
const PAUSE_MS = 10

/**
 * Writes log lines from a libuv thread, many at once, so that neither a slow disk nor a stalled reader holds
 * up a request. Pending lines are written when the process ends, unless by SIGKILL. Lines that cannot be
 * written, because the disk is full or the reader is gone, hold up neither requests nor shutdown.
 */
export class LogOutput {
  readonly #file: number
  /** Oldest first, each with many lines. */
  readonly #full: string[] = []
  /** The newest lines. */
  #open = ''
  /** The part of the oldest lines still being written or to be retried. */
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

  /** Lines dropped because the reader was too slow or the disk was full. */
  get dropped(): number {
    return this.#dropped
  }

  /** For rare messages: each line is sent at once. */
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

  /** Writes a whole line, including its line end; used for every request. */
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

  /** Resolves when everything is written, or after half a second without success. */
  async flush(): Promise<void> {
    const deadline = performance.now() + PATIENCE_MS
    for (;;) {
      this.#send()
      if (!this.#isWriting && this.#rest === undefined) return
      if (performance.now() > deadline) return
      await sleep(PAUSE_MS)
    }
  }

  /** Starts writing what is pending. Failures are retried after a moment. */
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
    if (this.#full.length === 0) return undefined
    const lines = this.#full.splice(0, MOST_PIECES).join('')
    this.#waitingLetters -= lines.length
    return Buffer.from(lines)
  }

  #heed({ code }: NodeJS.ErrnoException): void {
    // The reader is gone for good; any other error may be temporary.
    if (code !== 'EPIPE') return
    this.#hasReader = false
    this.#rest = undefined
    this.#full.length = 0
    this.#open = ''
  }

  /** Last chance before the process ends. */
  #writeOut(): void {
    // The thread already has the oldest lines and finishes them by itself.
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

/** Stdout belongs to the process: one writer, however many proxies run in it. */
export function standardOutput(): LogOutput {
  stdout ??= new LogOutput()
  return stdout
}
