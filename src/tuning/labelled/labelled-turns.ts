import { z } from 'zod'
import { readLabelledLines } from './labelled-lines.ts'

/** A short turn within a conversation that either continues an earlier ask or starts a new one. */
export const LabelledTurn = z.looseObject({
  lang: z.string(),
  text: z.string().min(1),
  last: z.enum(['follow_up', 'new_topic']),
})
export type LabelledTurn = z.infer<typeof LabelledTurn>

/** Reads one turn per line, gunzipped if the name ends in `.gz`. Throws a `LabelledPromptError`. */
export function readLabelledTurns(file: string): Promise<LabelledTurn[]> {
  return readLabelledLines(LabelledTurn, file)
}
