import { stateOf } from './file/file-state.ts'

/** The files behind the running configuration, compared by polling; nothing here reads their content. */
export class WatchedFiles {
  #files: readonly string[]
  /** The state of each file when it was read. */
  #read: Map<string, string>
  #stateSeen: string

  constructor(files: readonly string[]) {
    this.#files = files
    this.#read = statesOf(files)
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
    this.#read = statesOf(this.#files)
  }

  /** The same for files that one of those just read has named. */
  willBeReadToo(files: readonly string[]): void {
    for (const file of files) if (!this.#read.has(file)) this.#read.set(file, stateOf([file]))
  }

  /**
   * Watches these files from now on, as they were when they were to be read, or else as they are now. A change
   * made while they were being loaded is seen by the next look.
   */
  follow(files: readonly string[]): void {
    if (files.join('\n') === this.#files.join('\n')) return
    this.#files = files
    this.#read = new Map(files.map((file) => [file, this.#read.get(file) ?? stateOf([file])]))
    this.#stateSeen = stateOf(files)
  }

  /** Watches those that were named to `willBeReadToo` as well: what is wrong may be in one of them. */
  followNamed(): void {
    this.follow([...this.#read.keys()])
  }

  get #stateRead(): string {
    return this.#files.map((file) => this.#read.get(file)).join('\n')
  }
}

function statesOf(files: readonly string[]): Map<string, string> {
  return new Map(files.map((file) => [file, stateOf([file])]))
}
