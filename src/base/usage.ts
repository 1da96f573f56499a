/**
 * Tokens of one answer as the upstream counted them. `cachedTokens` and `cacheWriteTokens` are part of `inputTokens`,
 * `reasoningTokens` is part of `outputTokens`: a part is priced apart, never added on top.
 */
export interface Usage {
  readonly inputTokens: number
  readonly cachedTokens: number
  readonly cacheWriteTokens: number
  readonly outputTokens: number
  readonly reasoningTokens: number
}

/** Unknown is not zero: an answer whose usage never came says so. */
export type ReportedUsage = Usage | 'unreported'

/**
 * Where the counts of a settled request come from: the upstream's own report, a tokenizer run over the bytes seen,
 * the bound that was held because nothing better is known, or nothing at all was used.
 */
export type UsageSource = 'reported' | 'estimated' | 'bound' | 'none'
