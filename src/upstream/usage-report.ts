import {
  type Medium,
  type MediumTokens,
  perMedium,
  type ReportedUsage,
  type ServiceTier,
  type Usage,
} from '../base/usage.ts'

/**
 * Usage as reported in a chat answer (`prompt_tokens`, …), a Responses answer (`input_tokens`, …), an
 * embedding (no output at all) or an answer with audio or images; `tier` is the answer's own `service_tier`.
 *
 * A report that cannot be right is read so that nothing is understated:
 *
 * - If the count of the prompt or the answer is missing, not a number, negative, fractional or absurdly
 *   large, the whole report is discarded: unknown is not zero, and no prompt has zero tokens.
 * - An unreadable discount counts as none. An unreadable surcharge applies to everything.
 * - Parts that exceed their whole were counted in addition to it, as some vendors do, and are added.
 * - What the total has beyond prompt and answer is reasoning, billed as output. A smaller total is ignored.
 */
export function readUsage(report: unknown, tier?: unknown): ReportedUsage {
  if (!isObject(report)) return 'unreported'
  const promptTokens = count(report.prompt_tokens ?? report.input_tokens)
  if (promptTokens === undefined) return 'unreported'
  const total = count(report.total_tokens)
  const answered = answeredIn(report)
  // Embeddings have a total but no output.
  const visibleTokens = count(
    answered ?? (total === undefined ? undefined : Math.max(0, total - promptTokens)),
  )
  if (visibleTokens === undefined || promptTokens + visibleTokens === 0) return 'unreported'

  const input = readInput(report, promptTokens)
  const output = readOutput(report, Math.max(visibleTokens, (total ?? 0) - input.tokens))
  const served = tierOf(tier)
  return {
    inputTokens: input.tokens,
    cachedTokens: input.cached,
    cacheWriteTokens: input.cacheWrite,
    outputTokens: output.tokens,
    reasoningTokens: output.reasoning,
    ...mediaOf(input, output),
    ...(served !== undefined && { tier: served }),
  }
}

/** Whether a report counts output; one that does not is no report of a text answer. */
export function tellsOutput(report: unknown): boolean {
  return isObject(report) && answeredIn(report) !== undefined
}

function answeredIn(report: Report): unknown {
  return report.completion_tokens ?? report.output_tokens ?? undefined
}

/**
 * Merges two reports about one answer so that neither is understated: the larger of each count, the smaller
 * of each discount, and the tier of the second, later one.
 */
export function dearerOf(first: Usage, second: Usage): Usage {
  const tier = second.tier ?? first.tier
  return {
    inputTokens: Math.max(first.inputTokens, second.inputTokens),
    cachedTokens: Math.min(first.cachedTokens, second.cachedTokens),
    cacheWriteTokens: Math.max(first.cacheWriteTokens, second.cacheWriteTokens),
    outputTokens: Math.max(first.outputTokens, second.outputTokens),
    reasoningTokens: Math.max(first.reasoningTokens, second.reasoningTokens),
    ...perMedium((medium) => dearerMedium(first[medium], second[medium])),
    ...(tier !== undefined && { tier }),
  }
}

function dearerMedium(
  first: MediumTokens | undefined,
  second: MediumTokens | undefined,
): MediumTokens | undefined {
  if (first === undefined && second === undefined) return undefined
  return {
    input: Math.max(first?.input ?? 0, second?.input ?? 0),
    cached: Math.min(first?.cached ?? 0, second?.cached ?? 0),
    output: Math.max(first?.output ?? 0, second?.output ?? 0),
  }
}

type Counts = Readonly<Record<Medium, number>>
type Report = Readonly<Record<string, unknown>>

interface Input {
  readonly tokens: number
  readonly cached: number
  readonly cacheWrite: number
  readonly media: Counts
  readonly cachedMedia: Counts
}

/** DeepSeek puts `prompt_cache_hit_tokens` beside the count; audio and image answers use the singular. */
function readInput(report: Report, promptTokens: number): Input {
  const details = objectOf(
    report.prompt_tokens_details ?? report.input_tokens_details ?? report.input_token_details,
  )
  const cached = count(details.cached_tokens ?? report.prompt_cache_hit_tokens) ?? 0
  const written = details.cache_write_tokens ?? 0
  const cacheWrite = count(written) ?? Math.max(0, promptTokens - cached)
  const parts = cached + cacheWrite
  const tokens = parts > promptTokens ? promptTokens + parts : promptTokens
  const media = mediaIn(details, tokens)
  return { tokens, cached, cacheWrite, media, cachedMedia: cachedMediaOf(details, media, tokens, cached) }
}

/** Which media the cached tokens belong to. Unless stated, text first: its discount is the smallest. */
function cachedMediaOf(details: Report, media: Counts, tokens: number, cached: number): Counts {
  const { audio_tokens: audio, image_tokens: image } = objectOf(details.cached_tokens_details)
  const reported = { audio: count(audio) ?? 0, image: count(image) ?? 0 }
  const beyondText = Math.max(0, cached - (tokens - media.audio - media.image))
  const reportedAll = reported.audio + reported.image
  const isPossible = reported.audio <= media.audio && reported.image <= media.image && reportedAll <= cached
  if (isPossible && reportedAll >= beyondText) return reported
  const images = Math.min(beyondText, media.image)
  return { audio: beyondText - images, image: images }
}

interface Output {
  readonly tokens: number
  readonly reasoning: number
  readonly media: Counts
}

function readOutput(report: Report, counted: number): Output {
  const details = objectOf(
    report.completion_tokens_details ?? report.output_tokens_details ?? report.output_token_details,
  )
  const reasoning = count(details.reasoning_tokens) ?? 0
  const parts = reasoning + PREDICTED.reduce((sum, name) => sum + (count(details[name]) ?? 0), 0)
  const tokens = parts > counted ? counted + parts : counted
  return { tokens, reasoning, media: mediaIn(details, tokens) }
}

/** Predicted tokens are either part of the answer or generated and discarded: billed either way. */
const PREDICTED = ['accepted_prediction_tokens', 'rejected_prediction_tokens']

function mediaIn(details: Report, tokens: number): Counts {
  const audio = surcharged(details.audio_tokens, tokens)
  return { audio, image: Math.min(surcharged(details.image_tokens, tokens), tokens - audio) }
}

function mediaOf(
  { media, cachedMedia }: Input,
  output: Output,
): Readonly<Partial<Record<Medium, MediumTokens>>> {
  return perMedium((medium) => {
    const tokens = { input: media[medium], cached: cachedMedia[medium], output: output.media[medium] }
    return tokens.input + tokens.output > 0 ? tokens : undefined
  })
}

/** Vendors' names of the tiers. Any other name costs as much as the standard tier. */
const TIERS: ReadonlyMap<unknown, ServiceTier> = new Map([
  ['batch', 'batch'],
  ['flex', 'flex'],
  ['priority', 'priority'],
  ['fast', 'priority'],
])

function tierOf(tier: unknown): ServiceTier | undefined {
  return TIERS.get(typeof tier === 'string' ? tier.toLowerCase() : tier)
}

/** A part that costs more than the rest: zero if absent, everything if unreadable. */
function surcharged(value: unknown, whole: number): number {
  return value === undefined || value === null ? 0 : Math.min(count(value) ?? whole, whole)
}

/** Far above the largest context or 128 of the longest answers, and more than any team could pay for. */
const MOST_TOKENS = 100_000_000

function count(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= MOST_TOKENS
    ? value
    : undefined
}

function objectOf(value: unknown): Report {
  return isObject(value) ? value : {}
}

function isObject(value: unknown): value is Report {
  return typeof value === 'object' && value !== null
}
