/** How long an upstream keeps writing before it notices the abort, in milliseconds. */
const STOPPING_MS = 250

/** No gateway keeps a connection alive more often than this, in milliseconds. */
const SLOW_MS = 60

/** Half of it: any three slots in a row cover `STOPPING_MS`, wherever it begins. */
const SLOT_MS = STOPPING_MS / 2

/**
 * Tokens per millisecond and choice: the fastest that hosted models write. Assumed of what was not watched:
 * the first words of an answer, or of what follows a silence, tell nothing of their pace.
 */
const FASTEST = 3

/** What is known of the pace of an answer that broke off or was abandoned. */
export interface Cut {
  /** From the first words to the last, in milliseconds; 0 without words. */
  readonly writingMs: number
  /** From the last words to the moment it was given up, in milliseconds; 0 without words. */
  readonly silentMs: number
  /**
   * From the first word, or the first after a silence of `STOPPING_MS`, to the moment it was given up. Without
   * words it is negative: from the first byte on, nobody could watch what was written.
   */
  readonly watchedMs: number
  /** The share of its words that arrived in its fastest `STOPPING_MS`, or in little more. 0 to 1. */
  readonly densest: number
}

/**
 * Watches how fast the words of an answer arrive. What keeps a connection open meanwhile says nothing of that: a
 * gateway may hold words back while it sends comments.
 */
export class Pace {
  #bytesFrom: number | undefined
  #firstAt: number | undefined
  #watchedFrom = 0
  #wordsAt = 0
  #bytesAt = 0
  #total = 0
  #most = 0
  #slot = 0
  #current = 0
  #previous = 0
  #earlier = 0

  /**
   * Records that bytes arrived `at` a time by `Clock.elapsed`. Returns whether at least `SLOW_MS` have passed
   * since those before.
   */
  arrive(at: number): boolean {
    const isSlow = at - this.#bytesAt >= SLOW_MS
    this.#bytesFrom ??= at
    this.#bytesAt = at
    return isSlow
  }

  /** This many of the bytes that arrived last were words. */
  note(bytes: number): void {
    if (bytes === 0) return
    const at = this.#bytesAt
    if (this.#firstAt === undefined || at - this.#wordsAt >= STOPPING_MS) this.#watchedFrom = at
    this.#firstAt ??= at
    this.#wordsAt = at
    this.#turnTo(Math.floor((at - this.#firstAt) / SLOT_MS))
    this.#current += bytes
    this.#total += bytes
    this.#most = Math.max(this.#most, this.#current + this.#previous + this.#earlier)
  }

  /** The cut of an answer that is given up `at` this time. */
  cut(at: number): Cut {
    if (this.#firstAt === undefined) {
      return { writingMs: 0, silentMs: 0, watchedMs: (this.#bytesFrom ?? at) - at, densest: 0 }
    }
    return {
      writingMs: this.#wordsAt - this.#firstAt,
      silentMs: at - this.#wordsAt,
      watchedMs: at - this.#watchedFrom,
      densest: this.#most / this.#total,
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
