/** Service tiers priced differently from the standard one. */
export const SERVICE_TIERS = ['batch', 'flex', 'priority'] as const
export type ServiceTier = (typeof SERVICE_TIERS)[number]

/** Kinds of tokens besides text that may have their own prices. */
export const MEDIA = ['audio', 'image'] as const
export type Medium = (typeof MEDIA)[number]

/** Builds a record from `make`'s result for each medium, skipping undefined ones. */
export function perMedium<T>(make: (medium: Medium) => T | undefined): Readonly<Partial<Record<Medium, T>>> {
  const made: Partial<Record<Medium, T>> = {}
  for (const medium of MEDIA) {
    const value = make(medium)
    if (value !== undefined) made[medium] = value
  }
  return made
}

/** Tokens of one medium, included in the totals of `Usage`. `cached` is part of `input`. */
export interface MediumTokens {
  readonly input: number
  readonly cached: number
  readonly output: number
}

/**
 * Tokens of one answer as the upstream counted them. `cachedTokens` and `cacheWriteTokens` are part of
 * `inputTokens`, `reasoningTokens` is part of `outputTokens`: parts are priced separately, never added on
 * top. The same holds for audio and image tokens; absent means none.
 */
export interface Usage extends Readonly<Partial<Record<Medium, MediumTokens>>> {
  readonly inputTokens: number
  readonly cachedTokens: number
  readonly cacheWriteTokens: number
  readonly outputTokens: number
  readonly reasoningTokens: number
  /** The tier that served, as the answer states, whatever was requested; absent means standard. */
  readonly tier?: ServiceTier
}

/** Unknown is not zero: an answer whose usage never arrived says so. */
export type ReportedUsage = Usage | 'unreported'

/**
 * Where the counts of a settled request come from: the upstream's own report, a tokenizer run over the
 * received text, the held bound because nothing better is known, or `none` because nothing was used.
 * `unpriced`: it was sent and may be billed, but we cannot tell what it costs.
 */
export type UsageSource = 'reported' | 'estimated' | 'bound' | 'none' | 'unpriced'
