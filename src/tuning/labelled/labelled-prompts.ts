import { z } from 'zod'
import { PROMPT_CLASSES } from '../../base/prompt-class.ts'
import { readLabelledLines } from './labelled-lines.ts'

const Part = z.looseObject({ type: z.string(), text: z.unknown().optional() })
const Turn = z.looseObject({
  role: z.string(),
  content: z.union([z.string(), z.array(Part), z.null()]).optional(),
})

/** One line of a labelled file: the label is the class of the newest user turn in its context. */
export const LabelledPrompt = z
  .looseObject({
    id: z.union([z.string(), z.number()]).transform(String).optional(),
    label: z.enum(PROMPT_CLASSES),
    messages: z.array(Turn).optional(),
    text: z.string().optional(),
    /** Origin of the prompt; sources with the same prefix (up to `_`) form a family. */
    source: z.string().default('unknown'),
    lang: z.string().default('unknown'),
  })
  .refine(
    (line) => line.messages !== undefined || line.text !== undefined,
    'has neither "messages" nor "text"',
  )
  .transform(({ id, label, messages, text, source, lang }) => ({
    id,
    label,
    messages: messages ?? [{ role: 'user', content: text }],
    source,
    lang,
  }))
export type LabelledPrompt = z.infer<typeof LabelledPrompt>

/**
 * The number of a prompt in a parallel set: sources named `<set>-<language>` are one set in several
 * languages, whose prompts with equal numbers may say the same. Undefined for other prompts.
 */
export function parallelNumber({ id, source, lang }: LabelledPrompt): number | undefined {
  const number = source.endsWith(`-${lang}`) ? /\d+$/.exec(id ?? '')?.[0] : undefined
  return number === undefined ? undefined : Number(number)
}

/** Reads one prompt per line, gunzipped if the name ends in `.gz`. Throws a `LabelledPromptError`. */
export function readLabelledPrompts(file: string): Promise<LabelledPrompt[]> {
  return readLabelledLines(LabelledPrompt, file)
}
