import { stateOf } from './file/file-state.ts'
import { UnreadableFile } from './file/read-text.ts'

/** Callbacks of a configuration watch. */
export interface WatchParts<Loaded> {
  /**
   * Rereads the files; rejects if they cannot run. Gets the running configuration so that unchanged parts can
   * be reused.
   */
  readonly load: (running: Loaded) => Promise<Loaded>
  /** The files that were read, which are watched from then on. */
  readonly filesOf: (loaded: Loaded) => readonly string[]
  /** Called when a valid configuration takes effect. */
  readonly onLoaded: (loaded: Loaded) => void
  /** Called when an invalid configuration is rejected. The old one keeps running. */
  readonly onRefused: (why: Error) => void
  /** How often the files are checked, in milliseconds (500). */
  readonly intervalMs?: number
}

export interface Watch {
  /**
   * Rereads the files now, changed or not, as on SIGHUP. Resolves once they have taken effect or been
   * rejected.
   */
  reload(): Promise<void>
  close(): void
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
export function watchConfig<Loaded>(started: Loaded, parts: WatchParts<Loaded>): Watch {
  const { load, filesOf, onLoaded, onRefused, intervalMs = INTERVAL_MS } = parts
  let running = started
  let files = filesOf(started)
  let loadedState = stateOf(files)
  let lastState = loadedState
  let waiting = 0
  let last = Promise.resolve()
  let closed = false
  /** Why the last attempt could not read the files, if it could not; reported once. */
  let unread: string | undefined
  /** Counts down to the check that retries; at or below zero there is no retry. */
  let looksLeft = 0
  const look = () => {
    const state = stateOf(files)
    const settled = state === lastState
    lastState = state
    looksLeft -= 1
    if (settled && waiting === 0 && (state !== loadedState || looksLeft === 0)) reload()
  }
  const loadOnce = async () => {
    // Taken before reading, so that the next check sees a change made during the read.
    loadedState = stateOf(files)
    try {
      const loaded = await load(running)
      if (closed) return
      running = loaded
    } catch (error) {
      if (!closed) refuse(error instanceof Error ? error : new Error(String(error)))
      return
    }
    unread = undefined
    const read = filesOf(running)
    if (read.join('\n') !== files.join('\n')) {
      files = read
      loadedState = stateOf(files)
      lastState = loadedState
    }
    onLoaded(running)
  }
  const refuse = (why: Error) => {
    const isUnread = why instanceof UnreadableFile
    if (isUnread) looksLeft = LOOKS_BETWEEN
    const isKnown = isUnread && why.message === unread
    unread = isUnread ? why.message : undefined
    if (!isKnown) onRefused(why)
  }
  const reload = () => {
    waiting += 1
    last = last.then(loadOnce).finally(() => {
      waiting -= 1
    })
    return last
  }
  const timer = setInterval(look, intervalMs).unref()
  return {
    reload,
    close() {
      closed = true
      clearInterval(timer)
    },
  }
}
