import { z } from 'zod'
import { readLabelledLines } from './labelled-lines.ts'

/** A short turn as it stands after others: it goes on about what was asked there, or asks something new. */
export const LabelledTurn = z.looseObject({
  lang: z.string(),
  text: z.string().min(1),
  last: z.enum(['follow_up', 'new_topic']),
})
export type LabelledTurn = z.infer<typeof LabelledTurn>

/** Reads one turn a line, through gzip where the name ends in `.gz`. Throws a `LabelledPromptError`. */
export function readLabelledTurns(file: string): Promise<LabelledTurn[]> {
  return readLabelledLines(LabelledTurn, file)
}
