import { stateOf } from './file/file-state.ts'
import { UnreadableFile } from './file/read-text.ts'

/** What a watched configuration calls. */
export interface WatchParts<Loaded> {
  /** Reads the files anew; rejects when they cannot run. Gets what runs now, to keep what has not changed. */
  readonly load: (running: Loaded) => Promise<Loaded>
  /** The files that were read, and are watched from now on. */
  readonly filesOf: (loaded: Loaded) => readonly string[]
  /** A good configuration takes over. */
  readonly onLoaded: (loaded: Loaded) => void
  /** A bad one is refused: the old one keeps running, and this is why. */
  readonly onRefused: (why: Error) => void
  /** How often the files are looked at, in milliseconds (500). */
  readonly intervalMs?: number
}

export interface Watch {
  /** Reads the files now, changed or not: what SIGHUP asks for. Resolves once they have taken over, or were refused. */
  reload(): Promise<void>
  close(): void
}

const INTERVAL_MS = 500
/** Looks between two attempts to read what could not be read. */
const LOOKS_BETWEEN = 10

/**
 * Loads again when a file has changed and then been left alone for one interval: editors write in several steps. It
 * polls, so that a file replaced by renaming, a mounted volume whose links are swapped and a file that is away for a
 * moment all look the same; a few `stat` calls a second cost nothing. Loads follow one another in the order in which
 * they were asked for: the last one to take over has read the latest files. Files that could not be read, as when there are
 * too many open ones, are read again after a while.
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
  /** Why the last attempt could not read the files, if that was the matter: it is told once. */
  let unread: string | undefined
  /** Counts down to the look that tries again; below nothing, none does. */
  let looksLeft = 0
  const look = () => {
    const state = stateOf(files)
    const settled = state === lastState
    lastState = state
    looksLeft -= 1
    if (settled && waiting === 0 && (state !== loadedState || looksLeft === 0)) reload()
  }
  const loadOnce = async () => {
    // Taken before reading: a change during it is seen by the next look.
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
