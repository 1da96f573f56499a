import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Thresholds } from '../classifier/rule.ts'
import { parseRuleBook, readWeights } from '../config/classifier.ts'
import { readText } from '../config/file/read-text.ts'
import { writeThresholds } from '../config/file/threshold-text.ts'
import { findCandidate, writeCandidate } from '../tuning/candidates.ts'
import { candidateVersion, type Manifest } from '../tuning/manifest.ts'
import { type LeftOut, readLeftOut } from '../tuning/training/left-out.ts'
import { pairOf, type TuningContext } from './tuning-context.ts'

/** The contents and author of a candidate to be made. */
export interface CandidateOrder {
  /** The rules' text, or the file with it. */
  readonly rules: { readonly text: string } | { readonly file: string }
  readonly weightsFile: string
  /** Written into the rules; undefined leaves these as they are. */
  readonly thresholds?: Thresholds | undefined
  readonly by: string
  readonly note: string
}

/** A candidate that was stored, now or earlier. */
export interface Made {
  /** The stored manifest: that of the first author. */
  readonly manifest: Manifest
  /** False if the same rules and weights were already a candidate. */
  readonly isNew: boolean
}

/**
 * Stores rules and weights as a candidate. An existing one is never rewritten, so a later author and note are
 * not kept. Throws a `ConfigError` for what cannot run, and a `TuningError`.
 */
export function makeCandidate(
  tuning: TuningContext,
  { rules, weightsFile, thresholds, by, note }: CandidateOrder,
): Made {
  const file = 'file' in rules ? rules.file : 'rules'
  const written = 'file' in rules ? readText(rules.file) : rules.text
  // Report problems against the text as it was written.
  const plain = parseRuleBook(file, written, tuning.shelf)
  const text = thresholds === undefined ? written : writeThresholds(written, thresholds)
  const book = thresholds === undefined ? plain : parseRuleBook(file, text, tuning.shelf)
  const { rulesVersion, weightsVersion } = tuning.classifierWith(book, readWeights(weightsFile))
  const manifest: Manifest = {
    version: candidateVersion(rulesVersion, weightsVersion),
    at: new Date().toISOString(),
    by,
    note,
    rules_version: rulesVersion,
    weights_version: weightsVersion,
    ...(book.thresholds !== undefined && { thresholds: book.thresholds }),
    training: null,
  }
  const isNew = writeCandidate(tuning.candidates, {
    manifest,
    rules: Buffer.from(text),
    weights: readFileSync(weightsFile),
    leftOut: leftOutOf(tuning, weightsFile),
  })
  return { manifest: isNew ? manifest : findCandidate(tuning.candidates, manifest.version).manifest, isNew }
}

/** The message for somebody who stores an existing candidate. */
export function keptAlready({ version, by, note }: Manifest): string {
  const what = note === '' ? version : `${version}, "${note}"`
  return `A candidate with these rules and weights already exists: ${what}, by ${by}.`
}

/** The weights for edited rules: those of a candidate (may be abbreviated); null: of what is in force. */
export function weightsOf(tuning: TuningContext, basedOn: string | null): string {
  if (basedOn === null) return tuning.live.weights
  return findCandidate(tuning.candidates, basedOn).weightsFile
}

/** Weights trained on labelled rows prove nothing on those rows, whatever rules go with them. */
function leftOutOf({ candidates, live, version }: TuningContext, weightsFile: string): LeftOut | undefined {
  const base = version !== null && live.weights === weightsFile ? version : versionIn(candidates, weightsFile)
  return base === undefined ? undefined : readLeftOut(join(candidates, base))
}

function versionIn(candidates: string, weightsFile: string): string | undefined {
  const named = weightsFile.split(/[\\/]/).at(-2) ?? ''
  return pairOf(candidates, named).weights === weightsFile ? named : undefined
}
