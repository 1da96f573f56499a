import { z } from 'zod'
import { PROMPT_CLASSES } from '../base/prompt-class.ts'
import type { CacheLoss, CacheSample } from './views.ts'

/** The part of a row that determines prompt cache hits. */
export const TurnLine = z.object({
  at: z.number(),
  team: z.string(),
  class: z.enum(PROMPT_CLASSES).nullable(),
  target: z.string(),
  conversation: z.string(),
  input_tokens: z.number(),
  cached_tokens: z.number().nullable(),
})
export type TurnLine = z.infer<typeof TurnLine>

export const TURN_COLUMNS: readonly string[] = Object.keys(TurnLine.shape)

/** SQL: rows that belong to a conversation. */
export const IN_CONVERSATION = 'conversation IS NOT NULL AND target IS NOT NULL AND input_tokens IS NOT NULL'

/** How many of the newest rows are examined. */
export const SAMPLE_ROWS = 2_000

/** Upstreams do not cache shorter prompts, and drop a cached prompt that has been idle for this long. */
const LEAST_CACHED_TOKENS = 1_024
const CACHE_MS = 600_000

/**
 * Upper bound on the cached tokens lost when conversations changed models, because the new model has not read
 * the earlier turns. It is an upper bound since a cache hit is never certain.
 */
export function cacheLossOf(newestFirst: readonly TurnLine[], from: number): CacheSample {
  const before = new Map<string, TurnLine>()
  const lost = new Map<string, { -readonly [Name in keyof CacheLoss]: CacheLoss[Name] }>()
  for (const turn of newestFirst.toReversed()) {
    const talk = `${turn.team} ${turn.conversation}`
    const last = before.get(talk)
    before.set(talk, turn)
    if (last === undefined || last.target === turn.target || turn.at - last.at > CACHE_MS) continue
    const tokens = Math.min(last.input_tokens, turn.input_tokens - (turn.cached_tokens ?? 0))
    if (tokens < LEAST_CACHED_TOKENS) continue
    const name = JSON.stringify([turn.class, turn.target])
    const loss = lost.get(name) ?? { class: turn.class, target: turn.target, switched: 0, tokens: 0 }
    loss.switched += 1
    loss.tokens += tokens
    lost.set(name, loss)
  }
  return { rows: newestFirst.length, from: newestFirst.at(-1)?.at ?? from, lost: [...lost.values()] }
}
