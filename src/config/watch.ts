import { statSync } from 'node:fs'

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
  /** How often the files are looked at, in milliseconds (500). */
  readonly intervalMs?: number
}

export interface Watch {
  /** Reads the files now, changed or not: what SIGHUP asks for. */
  reload(): void
  close(): void
}

const INTERVAL_MS = 500

/**
 * Loads again when a file has changed and then been left alone for one interval: editors write in several steps. It
 * polls, so that a file replaced by renaming, a mounted volume whose links are swapped and a file that is away for a
 * moment all look the same; a few `stat` calls a second cost nothing.
 */
export function watchConfig<Loaded>(started: Loaded, parts: WatchParts<Loaded>): Watch {
  const { load, filesOf, onLoaded, onRefused, intervalMs = INTERVAL_MS } = parts
  let files = filesOf(started)
  let loadedState = stateOf(files)
  let lastState = loadedState
  const look = () => {
    const state = stateOf(files)
    const settled = state === lastState
    lastState = state
    if (settled && state !== loadedState) reload()
  }
  const reload = () => {
    // Taken before reading: a change during it is seen by the next look.
    loadedState = stateOf(files)
    let loaded: Loaded
    try {
      loaded = load()
    } catch (error) {
      onRefused(error instanceof Error ? error : new Error(String(error)))
      return
    }
    const read = filesOf(loaded)
    if (read.join('\n') !== files.join('\n')) {
      files = read
      loadedState = stateOf(files)
      lastState = loadedState
    }
    onLoaded(loaded)
  }
  const timer = setInterval(look, intervalMs).unref()
  return { reload, close: () => clearInterval(timer) }
}

/** Which files these are and when they were last written, as one text. */
function stateOf(files: readonly string[]): string {
  return files.map(stateOfOne).join('\n')
}

function stateOfOne(file: string): string {
  try {
    const { ino, size, mtimeNs } = statSync(file, { bigint: true })
    return `${ino}:${size}:${mtimeNs}`
  } catch {
    // Away, or out of reach: loading it would say why.
    return 'away'
  }
}
