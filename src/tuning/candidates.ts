import { randomUUID } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync } from 'node:fs'
import { join } from 'node:path'
import { discard, writeDurably } from './durable-file.ts'
import { Manifest } from './manifest.ts'
import { type LeftOut, writeLeftOut } from './training/left-out.ts'
import { NoSuchCandidate, TuningError } from './tuning-error.ts'

/** Rules and weights in a folder of their own, which never changes. */
export interface Candidate {
  readonly manifest: Manifest
  readonly rulesFile: string
  readonly weightsFile: string
}

/** What a candidate is made of. */
export interface CandidateParts {
  readonly manifest: Manifest
  readonly rules: Uint8Array
  readonly weights: Uint8Array
  /** Undefined: it was trained on no labelled row. */
  readonly leftOut: LeftOut | undefined
}

const VERSION = /^[0-9a-f]{12}$/
/** Fewer letters mean by chance what nobody meant. */
const LEAST_LETTERS = 6

/** Where a candidate's files stand, whether or not they do. */
export function candidateFiles(folder: string, version: string): { rulesFile: string; weightsFile: string } {
  return {
    rulesFile: join(folder, version, 'rules.yaml'),
    weightsFile: join(folder, version, 'classifier.bin'),
  }
}

/** All candidates of a folder, the oldest first. Throws a `TuningError` for one that cannot be read. */
export function listCandidates(folder: string): readonly Candidate[] {
  if (!existsSync(folder)) return []
  return readdirSync(folder)
    .filter((name) => VERSION.test(name))
    .map((version) => readCandidate(folder, version))
    .sort((a, b) => (a.manifest.at < b.manifest.at ? -1 : 1))
}

/** The candidate whose version is, or begins with, this text of six letters or more. Throws a `TuningError`; where there is none, or several, a `NoSuchCandidate`. */
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
 * Writes a candidate as one step: its folder is whole, or not there. False where the same one is there already.
 * Throws a `TuningError` that names the folder; then nothing is left behind.
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
    // Whoever made the same one meanwhile made it whole.
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
    throw new TuningError(`${file}: ${gone ? 'no such file' : 'is no manifest of a candidate'}`)
  }
}
