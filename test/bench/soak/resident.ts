import { residentBytesOf } from '../endurance/program.ts'

const EVERY_MS = 1_000

/**
 * The mean over some seconds, because a single sample may fall anywhere between two garbage collections, and
 * the maximum. Bytes.
 */
export interface ResidentSpan {
  readonly mean: number
  readonly most: number
}

/** Samples a process's resident memory every second. */
export class Resident {
  readonly #timer: NodeJS.Timeout
  #looks: number[] = []

  constructor(pid: number) {
    this.#timer = setInterval(() => this.#looks.push(residentBytesOf(pid)), EVERY_MS)
  }

  /** Since the last call. */
  take(): ResidentSpan {
    const looks = this.#looks
    this.#looks = []
    return { mean: looks.reduce((sum, look) => sum + look, 0) / looks.length, most: Math.max(...looks) }
  }

  close(): void {
    clearInterval(this.#timer)
  }
}
