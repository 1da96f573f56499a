import { stateOf } from './file/file-state.ts'

/** The files behind the running configuration, compared by polling; nothing here reads their content. */
export class WatchedFiles {
  #files: readonly string[]
  #stateRead: string
  #stateSeen: string

  constructor(files: readonly string[]) {
    this.#files = files
    this.#stateRead = stateOf(files)
    this.#stateSeen = this.#stateRead
  }

  /**
   * `changing`: they differ from the last look, so someone may still be writing. `changed`: they are as at the
   * last look, and differ from what was read. `unchanged`: they are as they were read.
   */
  look(): 'changing' | 'changed' | 'unchanged' {
    const state = stateOf(this.#files)
    const isChanging = state !== this.#stateSeen
    this.#stateSeen = state
    if (isChanging) return 'changing'
    return state === this.#stateRead ? 'unchanged' : 'changed'
  }

  /** Call before reading, not after: the next look then sees a change made during the read. */
  willBeRead(): void {
    this.#stateRead = stateOf(this.#files)
  }

  /** Watches these files from now on, as they are now, unless they are the same as before. */
  follow(files: readonly string[]): void {
    if (files.join('\n') === this.#files.join('\n')) return
    this.#files = files
    this.#stateRead = stateOf(files)
    this.#stateSeen = this.#stateRead
  }
}
