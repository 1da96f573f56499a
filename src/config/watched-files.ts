import { stateOf } from './file/file-state.ts'

/** The files behind the running configuration, compared by polling; nothing here reads their content. */
export class WatchedFiles {
  #files: readonly string[]
  /** The state of each file when it was read. */
  #read: ReadonlyMap<string, string>
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

  /**
   * Watches these files from now on: those watched before as they were read, others as they are now. A change
   * made to the former while they were being loaded is seen by the next look.
   */
  follow(files: readonly string[]): void {
    if (files.join('\n') === this.#files.join('\n')) return
    this.#files = files
    this.#read = new Map([...statesOf(files), ...this.#read].filter(([file]) => files.includes(file)))
    this.#stateSeen = stateOf(files)
  }

  get #stateRead(): string {
    return this.#files.map((file) => this.#read.get(file)).join('\n')
  }
}

function statesOf(files: readonly string[]): ReadonlyMap<string, string> {
  return new Map(files.map((file) => [file, stateOf([file])]))
}
