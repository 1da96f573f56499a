import { dirname, join, resolve } from 'node:path'
import { candidateFiles } from '../tuning/candidates.ts'
import { journalFolder, readStanding } from '../tuning/journal.ts'
import { TuningError } from '../tuning/tuning-error.ts'
import { ConfigError } from './file/config-error.ts'
import type { Settings } from './schema/schema.ts'

/** The two files of a classifier. */
export interface ClassifierPair {
  readonly rules: string
  readonly weights: string
}

/** Which rules and weights are live, which run in shadow, and where that is recorded. */
export interface Standings {
  /** Absolute path of the folder of candidates. */
  readonly candidates: string
  readonly journal: string
  /** How many decisions the journal holds. */
  readonly decisions: number
  /** The files the configuration names, regardless of promotions. */
  readonly own: ClassifierPair
  readonly live: ClassifierPair
  /** The promoted candidate; null if the configuration's own files are live. */
  readonly version: string | null
  readonly shadow: ClassifierPair | undefined
  /** Whether the configuration itself names the shadow; then no command can change it. */
  readonly shadowIsOwn: boolean
}

interface Named extends ClassifierPair {
  /** Makes a path from the configuration absolute. */
  resolve(path: string): string
}

/**
 * A promoted candidate takes precedence over the files the configuration names. Throws a `ConfigError` for an
 * unreadable journal, and for one with fewer decisions than the `running` process has seen: entries are never
 * removed, so its folder is not the one it was.
 */
export function standingsOf(
  settings: Pick<Settings, 'classifier' | 'shadow' | 'store'>,
  named: Named,
  running: Standings | undefined,
): Standings {
  const candidates = resolve(
    settings.classifier.candidates ?? join(dirname(settings.store.sqlite), 'candidates'),
  )
  const own = { rules: named.rules, weights: named.weights }
  const standing = standingIn(candidates)
  const known = running?.candidates === candidates ? running.decisions : 0
  if (standing.number < known) {
    const message = `holds ${standing.number} decisions and held ${known}: was the folder removed or is it not mounted? What was live stays live`
    throw problemWith(candidates, message)
  }
  const pairOf = (version: string): ClassifierPair => {
    const { rulesFile, weightsFile } = candidateFiles(candidates, version)
    return { rules: rulesFile, weights: weightsFile }
  }
  const live = standing.live === null ? own : pairOf(standing.live)
  const ownShadow = settings.shadow && {
    rules: settings.shadow.rules === undefined ? live.rules : named.resolve(settings.shadow.rules),
    weights: settings.shadow.weights === undefined ? live.weights : named.resolve(settings.shadow.weights),
  }
  return {
    candidates,
    journal: journalFolder(candidates),
    decisions: standing.number,
    own,
    live,
    version: standing.live,
    shadow: ownShadow ?? (standing.shadow === null ? undefined : pairOf(standing.shadow)),
    shadowIsOwn: ownShadow !== undefined,
  }
}

function standingIn(candidates: string) {
  try {
    return readStanding(candidates)
  } catch (error) {
    if (!(error instanceof TuningError)) throw error
    throw problemWith(candidates, error.message)
  }
}

function problemWith(candidates: string, message: string): ConfigError {
  return new ConfigError([{ file: candidates, line: undefined, path: 'journal', message }])
}
