import { join } from 'node:path'
import { ConfigError } from '../config/config-error.ts'
import { findCandidate } from '../tuning/candidates.ts'
import { type LabelledRow, readLabelledRows } from '../tuning/labelled-rows.ts'
import type { Manifest } from '../tuning/manifest.ts'
import { type Trial, tryOut } from '../tuning/trial.ts'
import { SHIPPED } from './classifier-files.ts'
import { type Io, UsageError } from './command.ts'
import { readLabelledFile } from './labelled-file.ts'
import { momentFlag } from './since-flag.ts'
import { openReader } from './store-flag.ts'
import { DESK_OPTIONS, type TuningDesk } from './tuning-desk.ts'

/** For `parseArgs`: what a candidate is tried on. */
export const TRIAL_OPTIONS = {
  ...DESK_OPTIONS,
  since: { type: 'string' },
  margin: { type: 'string' },
} as const

interface TrialFlags {
  readonly store?: string | undefined
  readonly since?: string | undefined
}

/** A candidate beside what is live; `refused` says why it cannot even be tried. */
export type TrialRun =
  | { readonly manifest: Manifest; readonly trial: Trial; readonly note: string | undefined }
  | { readonly refused: string }

/** Tries a candidate on labelled rows of the ledger and on the prompts that ship for it. */
export async function runTrial(
  desk: TuningDesk,
  named: string,
  flags: TrialFlags,
  env: Io['env'],
): Promise<TrialRun> {
  const { manifest } = findCandidate(desk.candidates, named)
  const contender = usable(desk, manifest)
  if (typeof contender === 'string') return { refused: contender }
  const since = momentFlag('--since', flags.since, Date.now())
  const { rows, note } = await labelledOf(desk, flags.store !== undefined, since, env)
  const shipped = await readLabelledFile(join(SHIPPED, 'evaluation.jsonl'))
  return { manifest, note, trial: tryOut(desk.liveContender(), contender, { labelled: rows, shipped }) }
}

/** The candidate, or why it cannot run: its files have to be what was made, and of this program's kind. */
function usable(desk: TuningDesk, manifest: Manifest) {
  try {
    const contender = desk.contender(manifest.version)
    const { rulesVersion, weightsVersion } = contender.classifier
    const isSame = rulesVersion === manifest.rules_version && weightsVersion === manifest.weights_version
    return isSame ? contender : 'its files are not those that it was made of: they were changed'
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    return error.message
  }
}

/** A ledger that is not there has no labels; one that was named has to be. */
async function labelledOf(
  { store }: TuningDesk,
  named: boolean,
  since: number | undefined,
  env: Io['env'],
): Promise<{ readonly rows: readonly LabelledRow[]; readonly note: string | undefined }> {
  const reader = await openReader({ store }, env).catch((error: unknown) => {
    if (named || !(error instanceof Error && error.name === 'StoreError')) throw error
    return error
  })
  if (reader instanceof Error) return { rows: [], note: `no labelled rows: ${reader.message}` }
  try {
    const { rows, forgotten } = await readLabelledRows(reader, { since })
    const lost =
      forgotten === 0 ? undefined : `${forgotten} labelled rows are left out: nothing is kept of them`
    return { rows, note: rows.length === 0 ? `no labelled rows to judge again in ${store}` : lost }
  } finally {
    await reader.close()
  }
}

/** `--margin 1.5`, in points. */
export function marginFlag(text: string | undefined, fallback: number): number {
  if (text === undefined) return fallback
  const points = Number(text)
  if (text.trim() === '' || !(points >= 0 && points <= 100))
    throw new UsageError(`--margin ${text}: expected points of accuracy, 0 to 100`)
  return points / 100
}
