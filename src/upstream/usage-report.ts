import type { ReportedUsage } from '../base/usage.ts'

/**
 * Usage as an upstream reports it in a chat answer (`prompt_tokens`, …) or a Responses answer (`input_tokens`, …).
 * A count that is missing or absurd makes the whole report worthless: unknown is not zero, and no prompt has no tokens.
 * The details are parts of the sums, so an upstream that claims more of a part than of the whole is held to the whole.
 * Some count what was thought in the total only: what the total has beyond prompt and answer was written too.
 */
export function readUsage(report: unknown): ReportedUsage {
  if (!isObject(report)) return 'unreported'
  const inputTokens = count(report.prompt_tokens ?? report.input_tokens)
  const visibleTokens = count(report.completion_tokens ?? report.output_tokens)
  if (inputTokens === undefined || visibleTokens === undefined || inputTokens + visibleTokens === 0) {
    return 'unreported'
  }
  const outputTokens = Math.max(visibleTokens, (count(report.total_tokens) ?? 0) - inputTokens)
  const input = report.prompt_tokens_details ?? report.input_tokens_details
  const output = report.completion_tokens_details ?? report.output_tokens_details
  const cachedTokens = Math.min(part(input, 'cached_tokens'), inputTokens)
  return {
    inputTokens,
    cachedTokens,
    cacheWriteTokens: Math.min(part(input, 'cache_write_tokens'), inputTokens - cachedTokens),
    outputTokens,
    reasoningTokens: Math.min(part(output, 'reasoning_tokens'), outputTokens),
  }
}

function part(details: unknown, name: string): number {
  return isObject(details) ? (count(details[name]) ?? 0) : 0
}

/** Far more than the largest context, or 128 answers of the longest, and no more than any team could pay for. */
const MOST_TOKENS = 100_000_000

function count(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= MOST_TOKENS
    ? value
    : undefined
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null
}
