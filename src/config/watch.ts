import { unwatchFile, watchFile } from 'node:fs'

/** What a watched configuration calls. */
export interface WatchParts<Loaded> {
  /** Reads everything anew; throws when it cannot run. */
  readonly load: () => Loaded
  /** The files that were read, and are watched from now on. */
  readonly filesOf: (loaded: Loaded) => readonly string[]
  /** A good configuration takes over. */
  readonly onLoaded: (loaded: Loaded) => void
  /** A bad one is refused: the old one keeps running, and this is why. */
  readonly onRefused: (why: Error) => void
  /** How often the files are looked at, in milliseconds. */
  readonly intervalMs?: number
}

export interface Watch {
  /** Reads the files now, changed or not: what SIGHUP asks for. */
  reload(): void
  close(): void
}

/** Editors write in several steps; the files must have been left alone this long, in milliseconds. */
const SETTLE_MS = 100
const INTERVAL_MS = 1000

/**
 * Loads again when a file changes. It polls: a file that is replaced by renaming, a mounted volume whose links are
 * swapped and a file that is away for a moment all look the same, and a few `stat` calls a second cost nothing.
 */
export function watchConfig<Loaded>(started: Loaded, parts: WatchParts<Loaded>): Watch {
  const { load, filesOf, onLoaded, onRefused, intervalMs = INTERVAL_MS } = parts
  let settling: NodeJS.Timeout | undefined
  const changed = () => {
    clearTimeout(settling)
    settling = setTimeout(reload, SETTLE_MS)
    settling.unref()
  }
  let watched: readonly string[] = []
  const follow = (files: readonly string[]) => {
    for (const file of watched) if (!files.includes(file)) unwatchFile(file, changed)
    for (const file of files) {
      if (!watched.includes(file)) watchFile(file, { interval: intervalMs, persistent: false }, changed)
    }
    watched = files
  }
  const reload = () => {
    clearTimeout(settling)
    let loaded: Loaded
    try {
      loaded = load()
    } catch (error) {
      onRefused(error instanceof Error ? error : new Error(String(error)))
      return
    }
    follow(filesOf(loaded))
    onLoaded(loaded)
  }
  follow(filesOf(started))
  return {
    reload,
    close() {
      clearTimeout(settling)
      follow([])
    },
  }
}
