/** How long an upstream keeps writing before it notices the abort, in milliseconds. */
const STOPPING_MS = 250

/** Half of it: any three slots in a row cover `STOPPING_MS`, wherever it begins. */
const SLOT_MS = STOPPING_MS / 2

/**
 * Tokens per millisecond and choice: the fastest that hosted models write. Assumed of what was not watched:
 * the first words of an answer, or of what follows a silence, tell nothing of their pace.
 */
const FASTEST = 3

/** What is known of the pace of an answer that broke off or was abandoned. */
export interface Cut {
  /** From the first word to the last byte, in milliseconds; 0 without words. */
  readonly writingMs: number
  /** From the last byte to the moment it was given up, in milliseconds; 0 without words. */
  readonly silentMs: number
  /** From the first word, or the first after a silence of `STOPPING_MS`, to the moment it was given up. */
  readonly watchedMs: number
  /** The share of its bytes that arrived in its fastest `STOPPING_MS`, or in little more. 0 to 1. */
  readonly densest: number
}

/**
 * Watches how fast an answer arrives. From its first word on: role frames and comments that keep a connection
 * open come at another pace.
 */
export class Pace {
  #firstAt: number | undefined
  #watchedFrom = 0
  #lastAt = 0
  #totalBytes = 0
  #mostBytes = 0
  #slot = 0
  #current = 0
  #previous = 0
  #earlier = 0

  /** `bytes` arrived `at` a time by `Clock.elapsed`. */
  note(bytes: number, at: number): void {
    this.#firstAt ??= at
    if (at - this.#lastAt >= STOPPING_MS || this.#totalBytes === 0) this.#watchedFrom = at
    this.#lastAt = at
    this.#turnTo(Math.floor((at - this.#firstAt) / SLOT_MS))
    this.#current += bytes
    this.#totalBytes += bytes
    this.#mostBytes = Math.max(this.#mostBytes, this.#current + this.#previous + this.#earlier)
  }

  /** The cut of an answer that is given up `at` this time. */
  cut(at: number): Cut {
    if (this.#firstAt === undefined) return { writingMs: 0, silentMs: 0, watchedMs: 0, densest: 0 }
    return {
      writingMs: this.#lastAt - this.#firstAt,
      silentMs: at - this.#lastAt,
      watchedMs: at - this.#watchedFrom,
      densest: this.#mostBytes / this.#totalBytes,
    }
  }

  #turnTo(slot: number): void {
    const steps = slot - this.#slot
    if (steps === 0) return
    this.#slot = slot
    this.#earlier = steps === 1 ? this.#previous : steps === 2 ? this.#current : 0
    this.#previous = steps === 1 ? this.#current : 0
    this.#current = 0
  }
}

/**
 * How many tokens of an answer were in transit or unsent when it was cut: those of its silence at its average
 * pace, and those until its upstream has noticed at its fastest, or for what it was watched less than that long,
 * at the fastest pace there is.
 */
export function unseen(written: number, choices: number, cut: Cut | undefined): number {
  if (cut === undefined) return 0
  const { writingMs, silentMs, watchedMs, densest } = cut
  const average = written / Math.max(writingMs, STOPPING_MS)
  const stopping = Math.max(average * STOPPING_MS, densest * written)
  const unwatchedMs = Math.max(0, STOPPING_MS - watchedMs)
  return Math.ceil(average * silentMs + stopping + FASTEST * choices * unwatchedMs)
}
