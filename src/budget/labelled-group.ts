import { z } from 'zod'
import { PROMPT_CLASSES } from '../base/prompt-class.ts'

/** Labelled rows of one team and language that were given one class with about the same confidence. */
export const LabelledGroup = z.object({
  team: z.string(),
  language: z.string(),
  class: z.enum(PROMPT_CLASSES),
  label: z.enum(PROMPT_CLASSES),
  /** Tenths of confidence: 9 is 0.9 and more. */
  tenth: z.number().int(),
  rows: z.number().int(),
  /** The sum of what was claimed. */
  confidence: z.number(),
})
export type LabelledGroup = z.infer<typeof LabelledGroup>

/** A labelled row as far as agreement depends on it. */
export const LabelledLine = z.object({
  team: z.string(),
  class: z.enum(PROMPT_CLASSES),
  label: z.enum(PROMPT_CLASSES),
  confidence: z.number(),
  prompt: z.string().nullable(),
})
export type LabelledLine = z.infer<typeof LabelledLine>

export const LABELLED_COLUMNS: readonly string[] = Object.keys(LabelledLine.shape)

/** Gathers labelled rows into groups. */
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
