import { UnreadableFile } from './file/read-text.ts'
import { WatchedFiles } from './watched-files.ts'

/** Told of files that are about to be read. */
export type WillRead = (files: readonly string[]) => void

/** Callbacks of a configuration watch. */
export interface WatchParts<Loaded> {
  /**
   * Rereads the files; rejects if they cannot run. Gets the running configuration so that unchanged parts can
   * be reused. `willRead` is to be called with the files that one of them names, before those are read.
   */
  readonly load: (running: Loaded, willRead: WillRead) => Promise<Loaded>
  /** The files that were read, which are watched from then on; after a refusal, those that were named as well. */
  readonly filesOf: (loaded: Loaded) => readonly string[]
  /** Those of the configuration it starts with, as they were when that was read; by default as they are now. */
  readonly files?: WatchedFiles
  /** Called when a valid configuration takes effect. */
  readonly onLoaded: (loaded: Loaded) => void
  /** Called when an invalid configuration is rejected. The old one keeps running. */
  readonly onRefused: (why: Error) => void
  /** How often the files are checked, in milliseconds (500). */
  readonly intervalMs?: number
}

const INTERVAL_MS = 500
/** Checks between two attempts to read files that could not be read. */
const LOOKS_BETWEEN = 10

/**
 * Reloads once a file has changed and then stayed unchanged for one interval, because editors write in
 * several steps. Polling treats a file replaced by rename, a mounted volume whose links are swapped and a
 * file that is briefly missing all alike; a few `stat` calls a second cost nothing. Loads run one after
 * another in the order requested, so the last to take effect has read the latest files. Files that could not
 * be read, for instance because too many were open, are retried after a while.
 */
export class ConfigWatch<Loaded> {
  readonly #parts: WatchParts<Loaded>
  readonly #files: WatchedFiles
  readonly #timer: NodeJS.Timeout
  #running: Loaded
  #loadsUnderWay = 0
  #lastLoad = Promise.resolve()
  /** Requested and not begun. */
  #nextLoad: Promise<void> | undefined
  /** Why the last attempt could not read the files, if it could not; reported once. */
  #unread: string | undefined
  /** Counts down to the check that retries; at or below zero there is no retry. */
  #looksToRetry = 0
  #isClosed = false

  constructor(started: Loaded, parts: WatchParts<Loaded>) {
    this.#parts = parts
    this.#running = started
    this.#files = parts.files ?? new WatchedFiles(parts.filesOf(started))
    this.#timer = setInterval(() => this.#look(), parts.intervalMs ?? INTERVAL_MS).unref()
  }

  /**
   * Rereads the files now, changed or not, as on SIGHUP. Resolves once they have taken effect or been
   * rejected. One load that has not begun serves all who ask for it meanwhile: it will read what is there now.
   */
  reload(): Promise<void> {
    if (this.#nextLoad !== undefined) return this.#nextLoad
    this.#loadsUnderWay += 1
    this.#nextLoad = this.#lastLoad
      .then(() => {
        this.#nextLoad = undefined
        return this.#loadOnce()
      })
      .finally(() => {
        this.#loadsUnderWay -= 1
      })
    this.#lastLoad = this.#nextLoad
    return this.#nextLoad
  }

  /** Stops looking. A load under way no longer takes effect and is not reported. */
  close(): void {
    this.#isClosed = true
    clearInterval(this.#timer)
  }

  #look(): void {
    const seen = this.#files.look()
    this.#looksToRetry -= 1
    if (this.#loadsUnderWay > 0) return
    if (seen === 'changed' || (seen === 'unchanged' && this.#looksToRetry === 0)) this.reload()
  }

  async #loadOnce(): Promise<void> {
    const { load, filesOf, onLoaded } = this.#parts
    this.#files.willBeRead()
    try {
      const loaded = await load(this.#running, (named) => this.#files.willBeReadToo(named))
      if (this.#isClosed) return
      this.#running = loaded
    } catch (error) {
      this.#files.followNamed()
      if (!this.#isClosed) this.#refuse(error instanceof Error ? error : new Error(String(error)))
      return
    }
    this.#unread = undefined
    this.#files.follow(filesOf(this.#running))
    onLoaded(this.#running)
  }

  #refuse(why: Error): void {
    const unread = why instanceof UnreadableFile ? why.message : undefined
    const isKnown = unread !== undefined && unread === this.#unread
    this.#unread = unread
    if (unread !== undefined) this.#looksToRetry = LOOKS_BETWEEN
    if (!isKnown) this.#parts.onRefused(why)
  }
}
