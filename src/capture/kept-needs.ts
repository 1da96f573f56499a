import { z } from 'zod'
import { CAPABILITIES, EFFORTS, type Effort } from '../base/target.ts'
import type { Needs } from '../routing/needs.ts'

/** What a request requires of its model, as far as it affects the choice of model. */
export const KeptNeeds = z.object({
  for: z.array(z.enum(CAPABILITIES)),
  bytes: z.number(),
  messages: z.number(),
  cap: z.tuple([z.number(), z.enum(['max_tokens', 'max_completion_tokens', 'max_output_tokens'])]).optional(),
  effort: z.enum(EFFORTS).optional(),
  choices: z.number().optional(),
  unbounded: z.literal(true).optional(),
  prior: z.number().optional(),
})
export type KeptNeeds = z.infer<typeof KeptNeeds>

/** What replay needs to know of a request besides its words. Whatever has its usual value is left out. */
export function keepNeeds({ hard, size, cap, effort, choices }: Needs): KeptNeeds {
  return {
    for: hard.map(({ capability }) => capability),
    bytes: size.textBytes,
    messages: size.messages,
    ...(cap !== undefined && { cap: [cap.tokens, cap.by] }),
    ...(isEffort(effort) && { effort }),
    ...(choices !== 1 && { choices }),
    ...(size.unbounded && { unbounded: true }),
    ...(size.priorTokens !== undefined && size.priorTokens > 0 && { prior: size.priorTokens }),
  }
}

/** Clients may send any text here; a word no model knows does not affect the choice and is not kept. */
function isEffort(effort: string | undefined): effort is Effort {
  return EFFORTS.some((known) => known === effort)
}

/** Restores the needs. Optional fields and images, which do not affect the choice, are unknown. */
export function needsAgain(kept: KeptNeeds): Needs {
  const [tokens, by] = kept.cap ?? []
  return {
    hard: kept.for.map((capability) => ({ capability, param: '' })),
    soft: [],
    instructions: [],
    size: {
      textBytes: kept.bytes,
      messages: kept.messages,
      images: [],
      unbounded: kept.unbounded ?? false,
      priorTokens: kept.prior ?? 0,
    },
    choices: kept.choices ?? 1,
    cap: tokens === undefined || by === undefined ? undefined : { tokens, by },
    effort: kept.effort,
    stream: kept.for.includes('stream'),
    usageAsked: false,
    remoteImages: 0,
    audio: kept.for.includes('audio'),
    files: kept.for.includes('files'),
  }
}

/** Needs consisting of just the three basic facts, as most do. */
export function isPlainlyNeeded(said: unknown): boolean {
  if (typeof said !== 'object' || said === null || Object.keys(said).length !== 3) return false
  if (!('for' in said && 'bytes' in said && 'messages' in said)) return false
  const { for: capabilities, bytes, messages } = said
  return (
    Number.isFinite(bytes) &&
    Number.isFinite(messages) &&
    Array.isArray(capabilities) &&
    capabilities.every((name) => CAPABILITY_NAMES.has(name))
  )
}

const CAPABILITY_NAMES: ReadonlySet<string> = new Set(CAPABILITIES)
