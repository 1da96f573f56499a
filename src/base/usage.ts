/** Tiers of service that cost something else than the standard one. */
export const SERVICE_TIERS = ['batch', 'flex', 'priority'] as const
export type ServiceTier = (typeof SERVICE_TIERS)[number]

/** Kinds of tokens beside text that may have prices of their own. */
export const MEDIA = ['audio', 'image'] as const
export type Medium = (typeof MEDIA)[number]

/** A record of what `make` answers for each medium; none of those it answers undefined for. */
export function perMedium<T>(make: (medium: Medium) => T | undefined): Readonly<Partial<Record<Medium, T>>> {
  const made: Partial<Record<Medium, T>> = {}
  for (const medium of MEDIA) {
    const value = make(medium)
    if (value !== undefined) made[medium] = value
  }
  return made
}

/** Tokens of one medium: parts of the sums of `Usage`. `cached` is part of `input`. */
export interface MediumTokens {
  readonly input: number
  readonly cached: number
  readonly output: number
}

/**
 * Tokens of one answer as the upstream counted them. `cachedTokens` and `cacheWriteTokens` are part of `inputTokens`,
 * `reasoningTokens` is part of `outputTokens`: a part is priced apart, never added on top. So are tokens of sound and
 * images; absent, there were none.
 */
export interface Usage extends Readonly<Partial<Record<Medium, MediumTokens>>> {
  readonly inputTokens: number
  readonly cachedTokens: number
  readonly cacheWriteTokens: number
  readonly outputTokens: number
  readonly reasoningTokens: number
  /** The tier that served, by the answer's own word, whatever was asked for; absent: the standard one. */
  readonly tier?: ServiceTier
}

/** Unknown is not zero: an answer whose usage never came says so. */
export type ReportedUsage = Usage | 'unreported'

/**
 * Where the counts of a settled request come from: the upstream's own report, a tokenizer run over the bytes seen,
 * the bound that was held because nothing better is known, or nothing at all was used. `unpriced`: it was served, and
 * nothing here knows what that costs.
 */
export type UsageSource = 'reported' | 'estimated' | 'bound' | 'none' | 'unpriced'
