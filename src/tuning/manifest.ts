import { z } from 'zod'
import { PROMPT_CLASSES } from '../base/prompt-class.ts'
import { Thresholds } from '../classifier/rule.ts'

/** The inputs of training from labels. */
export const TrainingOrigin = z.strictObject({
  /** Version of the weights it started from; null if trained from scratch. */
  base_weights: z.string().nullable(),
  /** Labelled rows of the ledger, by class. */
  labels: z.partialRecord(z.enum(PROMPT_CLASSES), z.number()),
  /** Labelled rows of the period that could not be used: nothing usable was kept of them. */
  forgotten: z.number(),
  since: z.iso.datetime().nullable(),
  until: z.iso.datetime(),
  /** Files used in addition to the labels, for training or rehearsal, with their prompt counts. */
  files: z.record(z.string(), z.number()),
  /** Accuracy on held-out labels, before and after; each fifth is judged by weights that never saw it. */
  left_out: z.strictObject({ rows: z.number(), before: z.number(), after: z.number() }).nullable(),
  /** Share of the way from the base to the learned weights; 1, or absent in older manifests, is all of it. */
  step: z.number().optional(),
})
export type TrainingOrigin = z.infer<typeof TrainingOrigin>

/** `manifest.json` of a candidate: what it is, and when, by whom and from what it was made. */
export const Manifest = z.strictObject({
  version: z.string().regex(/^[0-9a-f]{12}$/),
  at: z.iso.datetime(),
  by: z.string(),
  note: z.string(),
  rules_version: z.string(),
  weights_version: z.string(),
  /** Thresholds set by its rules; if absent, the configuration's apply. */
  thresholds: Thresholds.optional(),
  training: TrainingOrigin.nullable(),
})
export type Manifest = z.infer<typeof Manifest>

/** The same rules and weights are the same candidate, whoever made it. */
export function candidateVersion(rulesVersion: string, weightsVersion: string): string {
  return `${rulesVersion.slice(0, 6)}${weightsVersion.slice(0, 6)}`
}

/** A line of `left-out.jsonl`: a labelled row, and which of the candidate's extra weights never saw it. */
export const LeftOutRow = z.strictObject({ id: z.string(), fold: z.int().min(0) })
export type LeftOutRow = z.infer<typeof LeftOutRow>
