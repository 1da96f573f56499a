import { z } from 'zod'
import { isPlainlyNeeded, KeptNeeds } from './kept-needs.ts'

const Words = z.object({
  text: z.string(),
  /** UTF-16 units of the whole turn. */
  units: z.number(),
  turnsBack: z.number(),
})

/**
 * What is kept of a prompt, as JSON in a row's `prompt`. If there are both features and words or turns, the
 * text was changed by redaction or a limit, and only the features still give the same verdict.
 */
export const KeptPrompt = z.object({
  v: z.literal(1),
  /** The model that was first in line. */
  first: z.string(),
  /** It was first because of its price, not by the order of a route. */
  by_price: z.literal(true).optional(),
  needs: KeptNeeds,
  /** A recording (`classifier/recording.ts`) as base64. */
  features: z.string().optional(),
  /** `excerpt`: what was scored, newest turn first, and the lists it was found with. */
  words: z.array(Words).optional(),
  lists: z.object({ scaffolding: z.number(), followUps: z.number() }).optional(),
  /** `full`: the person's turns as sent, newest first. */
  turns: z.array(z.string()).optional(),
  /** Nothing was asked before the newest turn. */
  alone: z.boolean().optional(),
  /** Older turns were left out. */
  more: z.boolean().optional(),
})
export type KeptPrompt = z.infer<typeof KeptPrompt>

/** Parses a row's `prompt`; undefined for anything this program did not write. */
export function parseKept(prompt: string): KeptPrompt | undefined {
  try {
    const said: unknown = JSON.parse(prompt)
    return isPlainlyKept(said) ? said : KeptPrompt.safeParse(said).data
  } catch {
    return undefined
  }
}

/** The newest turn that was kept, for people to read; undefined if none was. */
export function wordsKept({ words, turns }: KeptPrompt): string | undefined {
  return turns?.[0] ?? words?.[0]?.text
}

/** The text for people in a row's `prompt`. */
export function wordsIn(prompt: string): string | undefined {
  const kept = parseKept(prompt)
  return kept && wordsKept(kept)
}

/** Fast path for the common case, since a replay reads a hundred thousand; the schema judges the rest. */
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
