import { readFileSync } from 'node:fs'
import { parseRuleBook, readWeights } from '../config/classifier.ts'
import { readText } from '../config/read-text.ts'
import { findCandidate, readLeftOut, writeCandidate } from '../tuning/candidates.ts'
import { candidateVersion, type Manifest } from '../tuning/manifest.ts'
import { pairOf, type TuningDesk } from './tuning-desk.ts'

/** What a candidate is made of, and by whom. */
export interface CandidateOrder {
  /** The rules' text, or the file they stand in. */
  readonly rules: { readonly text: string } | { readonly file: string }
  readonly weightsFile: string
  readonly by: string
  readonly note: string
}

export interface Made {
  readonly manifest: Manifest
  /** False where the same rules and weights were a candidate already. */
  readonly isNew: boolean
}

/** Keeps rules and weights as a candidate. Throws a `ConfigError` for what cannot run, and a `TuningError`. */
export function makeCandidate(desk: TuningDesk, { rules, weightsFile, by, note }: CandidateOrder): Made {
  const file = 'file' in rules ? rules.file : 'rules'
  const text = 'file' in rules ? readText(rules.file) : rules.text
  const { rulesVersion, weightsVersion } = desk.classifierWith(
    parseRuleBook(file, text, desk.shelf),
    readWeights(weightsFile),
  )
  const manifest: Manifest = {
    version: candidateVersion(rulesVersion, weightsVersion),
    at: new Date().toISOString(),
    by,
    note,
    rules_version: rulesVersion,
    weights_version: weightsVersion,
    training: null,
  }
  const isNew = writeCandidate(desk.candidates, {
    manifest,
    rules: Buffer.from(text),
    weights: readFileSync(weightsFile),
    leftOut: leftOutOf(desk, weightsFile),
  })
  return { manifest, isNew }
}

/** The weights that an edit of rules stays with: those of a candidate, which may be shortened; null: what is in force. */
export function weightsOf(desk: TuningDesk, basedOn: string | null): string {
  if (basedOn === null) return desk.live.weights
  return findCandidate(desk.candidates, basedOn).weightsFile
}

/** Weights that were trained on labelled rows prove nothing on these, whatever rules stand beside them. */
function leftOutOf({ candidates, live, version }: TuningDesk, weightsFile: string) {
  const base = version !== null && live.weights === weightsFile ? version : versionIn(candidates, weightsFile)
  if (base === undefined) return []
  return [...readLeftOut(candidates, base)].map(([id, promptClass]) => ({ id, class: promptClass }))
}

function versionIn(candidates: string, weightsFile: string): string | undefined {
  const named = weightsFile.split(/[\\/]/).at(-2) ?? ''
  return pairOf(candidates, named).weights === weightsFile ? named : undefined
}
