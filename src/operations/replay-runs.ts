import { randomBytes } from 'node:crypto'
import type { ReplayReport } from '../tuning/replay/replay.ts'
import type { ReplayWish } from './jobs.ts'
import { JobFailed, type Workshop } from './workshop.ts'

/** How many finished runs are remembered. */
const REMEMBERED = 20

/** A replay, running or finished. */
export interface ReplayRun {
  readonly id: string
  readonly by: string
  /** Milliseconds since the epoch. */
  readonly startedAt: number
  readonly state: 'running' | 'done' | 'failed' | 'cancelled'
  /** Requests decided again so far. */
  readonly done: number
  readonly report: ReplayReport | null
  /** Why it failed. */
  readonly problem: string | null
}

/** Replays started here: one at a time, each remembered for a while after its end. */
export class ReplayRuns {
  readonly #workshop: Pick<Workshop, 'replay'>
  readonly #now: () => number
  readonly #runs = new Map<string, ReplayRun>()
  #running: { readonly id: string; readonly cancel: AbortController } | undefined

  constructor(workshop: Pick<Workshop, 'replay'>, now: () => number) {
    this.#workshop = workshop
    this.#now = now
  }

  /** The new run, or with `isBusy` the one that must end first. */
  start(wish: ReplayWish, by: string): { readonly run: ReplayRun; readonly isBusy: boolean } {
    const busy = this.#running && this.#runs.get(this.#running.id)
    if (busy !== undefined) return { run: busy, isBusy: true }
    const id = randomBytes(8).toString('hex')
    const cancel = new AbortController()
    this.#running = { id, cancel }
    const run: ReplayRun = {
      id,
      by,
      startedAt: this.#now(),
      state: 'running',
      done: 0,
      report: null,
      problem: null,
    }
    this.#runs.set(id, run)
    this.#forget()
    const change = (part: Partial<ReplayRun>) => this.#change(id, part)
    this.#workshop
      .replay(wish, { signal: cancel.signal, onProgress: (done) => change({ done }) })
      .then(
        (report) => change({ state: 'done', report, done: report.rows }),
        (error: unknown) =>
          change(
            cancel.signal.aborted ? { state: 'cancelled' } : { state: 'failed', problem: wordsOf(error) },
          ),
      )
      .finally(() => {
        if (this.#running?.id === id) this.#running = undefined
      })
    return { run, isBusy: false }
  }

  find(id: string): ReplayRun | undefined {
    return this.#runs.get(id)
  }

  /** Cancels a run if it is still running; undefined if there is none with this id. */
  cancel(id: string): ReplayRun | undefined {
    if (this.#running?.id === id) {
      this.#change(id, { state: 'cancelled' })
      this.#running.cancel.abort()
      this.#running = undefined
    }
    return this.#runs.get(id)
  }

  #change(id: string, part: Partial<ReplayRun>): void {
    const run = this.#runs.get(id)
    // A cancelled run stays cancelled, whatever the thread still reports.
    if (run?.state === 'running') this.#runs.set(id, { ...run, ...part })
  }

  #forget(): void {
    for (const id of this.#runs.keys()) {
      if (this.#runs.size <= REMEMBERED) return
      this.#runs.delete(id)
    }
  }
}

function wordsOf(error: unknown): string {
  return error instanceof JobFailed ? error.message : 'it failed unexpectedly'
}
