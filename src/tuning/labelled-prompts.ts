import { createReadStream } from 'node:fs'
import { createGunzip } from 'node:zlib'
import { z } from 'zod'
import { PROMPT_CLASSES } from '../base/prompt-class.ts'
import { linesOf } from './lines.ts'

const Part = z.looseObject({ type: z.string(), text: z.unknown().optional() })
const Turn = z.looseObject({
  role: z.string(),
  content: z.union([z.string(), z.array(Part), z.null()]).optional(),
})

/** One line of a labelled file: the label is the class of the newest human turn in its context. */
export const LabelledPrompt = z
  .looseObject({
    id: z.union([z.string(), z.number()]).transform(String).optional(),
    label: z.enum(PROMPT_CLASSES),
    messages: z.array(Turn).optional(),
    text: z.string().optional(),
    /** Where the prompt comes from; sources whose names begin alike (up to `_`) are one family. */
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
 * The number of a prompt of a parallel set: sources named `<set>-<language>` hold one set in several languages, whose
 * prompts of equal number may say the same. Undefined for other prompts.
 */
export function parallelNumber({ id, source, lang }: LabelledPrompt): number | undefined {
  const number = source.endsWith(`-${lang}`) ? /\d+$/.exec(id ?? '')?.[0] : undefined
  return number === undefined ? undefined : Number(number)
}

/** A file that cannot be read as labelled prompts; the message names file and line. */
export class LabelledPromptError extends Error {
  override readonly name = 'LabelledPromptError'
}

/** Reads one JSON object a line, through gzip where the name ends in `.gz`. Throws a `LabelledPromptError`. */
export async function readLabelledPrompts(file: string): Promise<LabelledPrompt[]> {
  const prompts: LabelledPrompt[] = []
  let number = 0
  try {
    for await (const line of linesOf(bytesOf(file))) {
      number += 1
      if (line.trim() !== '') prompts.push(promptOf(line, `${file}:${number}`))
    }
  } catch (error) {
    if (error instanceof LabelledPromptError) throw error
    throw new LabelledPromptError(`${file}: ${error instanceof Error ? error.message : String(error)}`)
  }
  if (prompts.length === 0) throw new LabelledPromptError(`${file}: holds no prompts`)
  return prompts
}

function promptOf(line: string, where: string): LabelledPrompt {
  let json: unknown
  try {
    json = JSON.parse(line)
  } catch {
    throw new LabelledPromptError(`${where}: is not JSON`)
  }
  const parsed = LabelledPrompt.safeParse(json)
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  throw new LabelledPromptError(
    `${where}: ${issue?.path.join('.') || 'the line'}: ${issue?.message ?? 'is wrong'}`,
  )
}

function bytesOf(file: string): AsyncIterable<Buffer> {
  const bytes = createReadStream(file)
  if (!file.endsWith('.gz')) return bytes
  const gunzip = createGunzip()
  // `pipe` hands over no errors, and `for await` listens to the end of the pipe only.
  bytes.on('error', (error) => gunzip.destroy(error))
  return bytes.pipe(gunzip)
}
