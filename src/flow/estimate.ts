import type { Usage } from '../base/usage.ts'
import type { Seen } from './ending.ts'
import type { Ports } from './ports.ts'
import type { Funded, Reserved } from './reserve.ts'

/** What a choice gained between the last byte that was seen and the end of its writing: a fifth of a second's worth. */
const TOKENS_ON_THE_WAY = 16

/**
 * What an answer used whose upstream did not say: the prompt's tokens, and the tokens of the text that came,
 * extrapolated from its first bytes where there was more than is kept, and of one cut short what was on its way. Never
 * more than the bound.
 */
export async function estimateUsage(
  ports: Ports,
  reserved: Reserved,
  { quote, outputCap }: Funded,
  seen: Seen,
): Promise<Usage> {
  const prompt = reserved.request.promptText(quote.candidate.target)
  const inputTokens =
    (await ports.tokenizer.count(prompt.text)) + prompt.besides + (reserved.needs.size.priorTokens ?? 0)
  const sample = Buffer.concat(seen.sample)
  const sampled = await ports.tokenizer.count(reserved.dialect.answerText(sample.toString('utf8')))
  const share = sample.length === 0 ? 0 : seen.totalBytes / sample.length
  const unseen = seen.complete ? 0 : TOKENS_ON_THE_WAY * quote.choices
  return {
    inputTokens: Math.min(inputTokens, quote.inputTokens),
    cachedTokens: 0,
    cacheWriteTokens: 0,
    outputTokens: Math.min(Math.ceil(sampled * share) + unseen, outputCap * quote.choices),
    reasoningTokens: 0,
  }
}
