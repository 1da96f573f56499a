import { randomUUID } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync } from 'node:fs'
import { join } from 'node:path'
import { discard, writeDurably } from './durable-file.ts'
import { Manifest } from './manifest.ts'
import { type LeftOut, writeLeftOut } from './training/left-out.ts'
import { NoSuchCandidate, TuningError } from './tuning-error.ts'

/** Rules and weights in their own folder, which never changes. */
export interface Candidate {
  readonly manifest: Manifest
  readonly rulesFile: string
  readonly weightsFile: string
}

/** The parts of a candidate. */
export interface CandidateParts {
  readonly manifest: Manifest
  readonly rules: Uint8Array
  readonly weights: Uint8Array
  /** Undefined if it was not trained on labelled rows. */
  readonly leftOut: LeftOut | undefined
}

const VERSION = /^[0-9a-f]{12}$/
/** Fewer letters could match an unintended version by chance. */
const LEAST_LETTERS = 6

/** The paths of a candidate's files, whether or not they exist. */
export function candidateFiles(folder: string, version: string): { rulesFile: string; weightsFile: string } {
  return {
    rulesFile: join(folder, version, 'rules.yaml'),
    weightsFile: join(folder, version, 'classifier.bin'),
  }
}

/** The candidates of a folder, oldest first, and what is wrong with those that cannot be read. */
export function listCandidates(folder: string): Listing {
  const candidates: Candidate[] = []
  const unreadable: TuningError[] = []
  const names = existsSync(folder) ? readdirSync(folder) : []
  for (const version of names.filter((name) => VERSION.test(name)).sort()) {
    try {
      candidates.push(readCandidate(folder, version))
    } catch (error) {
      if (!(error instanceof TuningError)) throw error
      unreadable.push(error)
    }
  }
  candidates.sort((a, b) => (a.manifest.at < b.manifest.at ? -1 : 1))
  return { candidates, unreadable }
}

export interface Listing {
  readonly candidates: readonly Candidate[]
  readonly unreadable: readonly TuningError[]
}

/**
 * The candidate whose version is, or starts with, this text of six letters or more. Throws a `TuningError`,
 * or a `NoSuchCandidate` if none or several match.
 */
export function findCandidate(folder: string, text: string): Candidate {
  const versions = existsSync(folder) ? readdirSync(folder).filter((name) => VERSION.test(name)) : []
  if (text.length < LEAST_LETTERS) {
    throw new NoSuchCandidate(
      `${folder}: holds no candidate ${text}; of a version at least six letters are named`,
    )
  }
  const meant = versions.filter((version) => version.startsWith(text))
  const [version] = meant
  if (version === undefined) throw new NoSuchCandidate(`${folder}: holds no candidate ${text}`)
  if (meant.length > 1) throw new NoSuchCandidate(`${folder}: ${text} may be ${meant.join(' or ')}`)
  return readCandidate(folder, version)
}

/**
 * Writes a candidate atomically: its folder is complete or does not exist. False if the same one already
 * exists. Throws a `TuningError` that names the folder; then nothing is left behind.
 */
export function writeCandidate(folder: string, parts: CandidateParts): boolean {
  const { version } = parts.manifest
  const place = join(folder, version)
  const unnamed = `.${randomUUID()}`
  const aside = join(folder, unnamed)
  const { rulesFile, weightsFile } = candidateFiles(folder, unnamed)
  if (existsSync(place)) return false
  try {
    mkdirSync(aside, { recursive: true })
    writeDurably(rulesFile, parts.rules)
    writeDurably(weightsFile, parts.weights)
    if (parts.leftOut !== undefined) writeLeftOut(aside, parts.leftOut)
    writeDurably(join(aside, 'manifest.json'), `${JSON.stringify(parts.manifest, null, 2)}\n`)
    renameSync(aside, place)
    return true
  } catch (error) {
    discard(aside)
    // If another process wrote the same one meanwhile, that one is complete.
    if (existsSync(place)) return false
    throw new TuningError(`${place}: ${error instanceof Error ? error.message : String(error)}`)
  }
}

function readCandidate(folder: string, version: string): Candidate {
  const file = join(folder, version, 'manifest.json')
  try {
    const manifest = Manifest.parse(JSON.parse(readFileSync(file, 'utf8')))
    return { manifest, ...candidateFiles(folder, version) }
  } catch (error) {
    const gone = error instanceof Error && 'code' in error && error.code === 'ENOENT'
    throw new TuningError(`${file}: ${gone ? 'no such file' : 'is not a candidate manifest'}`)
  }
}
