import { z } from 'zod'
import { isPlainlyNeeded, KeptNeeds } from './kept-needs.ts'

const Words = z.object({
  text: z.string(),
  /** UTF-16 units of the whole turn. */
  units: z.number(),
  turnsBack: z.number(),
})

/**
 * What is kept of a prompt, as the JSON of a row's `prompt`. Where words or turns stand beside features, redaction or
 * a bound has changed them: only the features still give the same verdict.
 */
export const KeptPrompt = z.object({
  v: z.literal(1),
  /** The model that was first in line. */
  first: z.string(),
  /** That was so because of its price, not by the order of a route. */
  by_price: z.literal(true).optional(),
  needs: KeptNeeds,
  /** A recording (`classifier/recording.ts`) as base64. */
  features: z.string().optional(),
  /** `excerpt`: what was scored, the newest turn first, and the lists by which it was found. */
  words: z.array(Words).optional(),
  lists: z.object({ scaffolding: z.number(), followUps: z.number() }).optional(),
  /** `full`: turns of the person as they were sent, the newest first. */
  turns: z.array(z.string()).optional(),
  /** Nothing was asked before the newest turn. */
  alone: z.boolean().optional(),
  /** Older turns were left out. */
  more: z.boolean().optional(),
})
export type KeptPrompt = z.infer<typeof KeptPrompt>

/** What stands in a row's `prompt`; undefined for anything that this program did not write. */
export function parseKept(prompt: string): KeptPrompt | undefined {
  try {
    const said: unknown = JSON.parse(prompt)
    return isPlainlyKept(said) ? said : KeptPrompt.safeParse(said).data
  } catch {
    return undefined
  }
}

/** The words that were kept, for people: the newest turn. Undefined where none were. */
export function wordsKept({ words, turns }: KeptPrompt): string | undefined {
  return turns?.[0] ?? words?.[0]?.text
}

/** The words for people in what stands in a row's `prompt`. */
export function wordsIn(prompt: string): string | undefined {
  const kept = parseKept(prompt)
  return kept && wordsKept(kept)
}

/** What this program writes most: read by hand, since a replay reads a hundred thousand. All else is the schema's to judge. */
function isPlainlyKept(said: unknown): said is KeptPrompt {
  if (typeof said !== 'object' || said === null || !('v' in said && said.v === 1)) return false
  if (!('needs' in said && isPlainlyNeeded(said.needs))) return false
  return 'first' in said && Object.entries(said).every(([name, value]) => PLAINLY[name]?.(value) === true)
}

const isText = (value: unknown) => typeof value === 'string'
const isFlag = (value: unknown) => typeof value === 'boolean'

const PLAINLY: Readonly<Record<string, (value: unknown) => boolean>> = {
  v: () => true,
  needs: () => true,
  first: isText,
  features: isText,
  turns: (value) => Array.isArray(value) && value.every(isText),
  alone: isFlag,
  more: isFlag,
}
