import { z } from 'zod'
import { PROMPT_CLASSES } from '../base/prompt-class.ts'

/** Labelled rows of one team and language that got the same class at about the same confidence. */
export const LabelledGroup = z.object({
  team: z.string(),
  language: z.string(),
  class: z.enum(PROMPT_CLASSES),
  label: z.enum(PROMPT_CLASSES),
  /** Tenths of confidence: 9 means 0.9 or more. */
  tenth: z.number().int(),
  rows: z.number().int(),
  /** Sum of the confidences. */
  confidence: z.number(),
})
export type LabelledGroup = z.infer<typeof LabelledGroup>

/** The part of a labelled row that agreement depends on. */
export const LabelledLine = z.object({
  team: z.string(),
  class: z.enum(PROMPT_CLASSES),
  label: z.enum(PROMPT_CLASSES),
  confidence: z.number(),
  prompt: z.string().nullable(),
})
export type LabelledLine = z.infer<typeof LabelledLine>

export const LABELLED_COLUMNS: readonly string[] = Object.keys(LabelledLine.shape)

/** Collects labelled rows into groups. */
export class LabelledGroups {
  readonly #groups = new Map<string, { -readonly [Name in keyof LabelledGroup]: LabelledGroup[Name] }>()

  add({ team, class: given, label, confidence }: Omit<LabelledLine, 'prompt'>, language: string): void {
    const tenth = Math.min(9, Math.max(0, Math.floor(confidence * 10)))
    const name = JSON.stringify([team, language, given, label, tenth])
    const group = this.#groups.get(name)
    if (group === undefined) {
      this.#groups.set(name, { team, language, class: given, label, tenth, rows: 1, confidence })
    } else {
      group.rows += 1
      group.confidence += confidence
    }
  }

  list(): readonly LabelledGroup[] {
    return [...this.#groups.values()]
  }
}
