import { join } from 'node:path'
import { ConfigError } from '../config/file/config-error.ts'
import { SHIPPED } from '../config/load.ts'
import { StoreError } from '../ledger/store-error.ts'
import { findCandidate } from '../tuning/candidates.ts'
import { readLabelledPrompts } from '../tuning/labelled/labelled-prompts.ts'
import { type LabelledRow, readLabelledRows } from '../tuning/labelled/labelled-rows.ts'
import type { Manifest } from '../tuning/manifest.ts'
import { type Trial, tryOut } from '../tuning/trial.ts'
import { openReaderAt } from './open-store.ts'
import type { TuningContext } from './tuning-context.ts'

/** Which labelled rows a candidate is tried on. */
export interface TrialRows {
  /** Milliseconds since the epoch; undefined means all. */
  readonly since: number | undefined
  /** Whether the store must exist; if not, a missing store only means no labelled rows. */
  readonly mustOpen: boolean
}

/** A candidate tried against what is live; `refused` says why it cannot even be tried. */
export type TrialRun =
  | { readonly manifest: Manifest; readonly trial: Trial; readonly note: string | undefined }
  | { readonly refused: string }

/**
 * Tries a candidate on labelled rows of the ledger and on the shipped prompts. Throws a `TuningError` if
 * there is no such candidate, and a `StoreError`.
 */
export async function runTrial(tuning: TuningContext, named: string, wanted: TrialRows): Promise<TrialRun> {
  const { manifest } = findCandidate(tuning.candidates, named)
  const contender = usable(tuning, manifest)
  if (typeof contender === 'string') return { refused: contender }
  const { rows, note } = await labelledOf(tuning, wanted)
  const shipped = await readLabelledPrompts(join(SHIPPED, 'evaluation.jsonl'))
  return { manifest, note, trial: tryOut(tuning.liveContender(), contender, { labelled: rows, shipped }) }
}

/** The candidate, or why it cannot run: its files must be unchanged and readable by this version. */
function usable(tuning: TuningContext, manifest: Manifest) {
  try {
    const contender = tuning.contender(manifest.version)
    const { rulesVersion, weightsVersion } = contender.classifier
    const isSame = rulesVersion === manifest.rules_version && weightsVersion === manifest.weights_version
    return isSame ? contender : 'its files have been changed since it was made'
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    return error.message
  }
}

/** A missing ledger has no labels. */
async function labelledOf(
  { store }: TuningContext,
  { since, mustOpen }: TrialRows,
): Promise<{ readonly rows: readonly LabelledRow[]; readonly note: string | undefined }> {
  const reader = await openReaderAt(store).catch((error: unknown) => {
    if (mustOpen || !(error instanceof StoreError)) throw error
    return error
  })
  if (reader instanceof Error) return { rows: [], note: `no labelled rows: ${reader.message}` }
  try {
    const { rows, forgotten } = await readLabelledRows(reader, { since })
    const lost =
      forgotten === 0 ? undefined : `${forgotten} labelled rows are left out: their prompts were not kept`
    return { rows, note: rows.length === 0 ? 'no labelled rows to compare on' : lost }
  } finally {
    await reader.close()
  }
}
