import { z } from 'zod'
import { PROMPT_CLASSES } from '../base/prompt-class.ts'
import { Thresholds } from '../classifier/rule.ts'

/** What training from labels was made of. */
export const TrainingOrigin = z.strictObject({
  /** Version of the weights it went on from; null: learnt from nothing. */
  base_weights: z.string().nullable(),
  /** Labelled rows of the ledger, by class. */
  labels: z.partialRecord(z.enum(PROMPT_CLASSES), z.number()),
  /** Labelled rows of the time that nothing could be learnt from: nothing usable was kept of them. */
  forgotten: z.number(),
  since: z.iso.datetime().nullable(),
  until: z.iso.datetime(),
  /** Files that were learnt from beside the labels, or rehearsed, with their prompts. */
  files: z.record(z.string(), z.number()),
  /** Accuracy on labels that were left out, before and after; of each fifth by weights that never saw it. */
  left_out: z.strictObject({ rows: z.number(), before: z.number(), after: z.number() }).nullable(),
  /** How far the weights went from the base to what was learnt; 1, and absent before this was chosen: all the way. */
  step: z.number().optional(),
})
export type TrainingOrigin = z.infer<typeof TrainingOrigin>

/** `manifest.json` of a candidate: what it is, when, by whom and from what it was made. */
export const Manifest = z.strictObject({
  version: z.string().regex(/^[0-9a-f]{12}$/),
  at: z.iso.datetime(),
  by: z.string(),
  note: z.string(),
  rules_version: z.string(),
  weights_version: z.string(),
  /** Those its rules carry; absent: the configuration's hold. */
  thresholds: Thresholds.optional(),
  training: TrainingOrigin.nullable(),
})
export type Manifest = z.infer<typeof Manifest>

/** The same rules and weights are the same candidate, whoever made it. */
export function candidateVersion(rulesVersion: string, weightsVersion: string): string {
  return `${rulesVersion.slice(0, 6)}${weightsVersion.slice(0, 6)}`
}

/** A labelled row, and which of the weights beside a candidate's have not seen it: a line of its `left-out.jsonl`. */
export const LeftOutRow = z.strictObject({ id: z.string(), fold: z.int().min(0) })
export type LeftOutRow = z.infer<typeof LeftOutRow>
