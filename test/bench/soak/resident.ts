import { residentBytesOf } from '../endurance/program.ts'

const EVERY_MS = 1_000

/** The mean of some seconds, since one look hits any place between two collections, and the most. Bytes. */
export interface ResidentSpan {
  readonly mean: number
  readonly most: number
}

/** Looks at a process' resident memory every second. */
export class Resident {
  readonly #timer: NodeJS.Timeout
  #looks: number[] = []

  constructor(pid: number) {
    this.#timer = setInterval(() => this.#looks.push(residentBytesOf(pid)), EVERY_MS)
  }

  /** Since it was last asked. */
  take(): ResidentSpan {
    const looks = this.#looks
    this.#looks = []
    return { mean: looks.reduce((sum, look) => sum + look, 0) / looks.length, most: Math.max(...looks) }
  }

  close(): void {
    clearInterval(this.#timer)
  }
}
