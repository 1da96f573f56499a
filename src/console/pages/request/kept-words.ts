import { z } from 'zod'

/** The readable part of what capture stores. */
const Kept = z.object({
  words: z.array(z.object({ text: z.string(), turnsBack: z.number() })).optional(),
  turns: z.array(z.string()).optional(),
  more: z.boolean().optional(),
})

export interface KeptWords {
  /** Newest turn first. */
  readonly turns: readonly string[]
  /** Older turns were left out. */
  readonly more: boolean
  /** What was stored instead of text. */
  readonly instead: 'features' | 'nothing'
}

export function keptWordsOf(prompt: unknown): KeptWords {
  const { data } = Kept.safeParse(prompt)
  const turns = data?.turns ?? data?.words?.map(({ text }) => text) ?? []
  return { turns, more: data?.more === true, instead: prompt === null ? 'nothing' : 'features' }
}
