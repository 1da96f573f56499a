import { z } from 'zod'

/** What capture keeps, as far as it is words. */
const Kept = z.object({
  words: z.array(z.object({ text: z.string(), turnsBack: z.number() })).optional(),
  turns: z.array(z.string()).optional(),
  more: z.boolean().optional(),
})

export interface KeptWords {
  /** The newest turn first. */
  readonly turns: readonly string[]
  /** Older ones were left out. */
  readonly more: boolean
  /** What stands where no words do. */
  readonly instead: 'features' | 'nothing'
}

export function keptWordsOf(prompt: unknown): KeptWords {
  const { data } = Kept.safeParse(prompt)
  const turns = data?.turns ?? data?.words?.map(({ text }) => text) ?? []
  return { turns, more: data?.more === true, instead: prompt === null ? 'nothing' : 'features' }
}
