import type { Target } from '../../base/target.ts'
import type { Usage } from '../../base/usage.ts'
import { dearerOf } from '../../upstream/usage-report.ts'
import type { Seen } from '../ending.ts'
import type { Ports, Tokenizer } from '../ports.ts'
import type { Funded, Reserved } from '../reserve.ts'
import { unseen } from './pace.ts'

/** Tokens around a choice's text that are never seen: its end marker, the framing of its calls. */
const UNSEEN_PER_CHOICE = 16

/**
 * Estimates the usage the upstream did not report, erring high as far as can be told: the tokens of the
 * prompt and of all text received, in every choice, by the model's tokenizer or else by bytes, or what it
 * reported on the way if that is more. An answer cut short adds what was not seen of it. Capped at the bound,
 * except for a prediction: no cap bounds its rejected tokens, so it is sent only where no budget applies.
 */
export async function estimateUsage(
  ports: Ports,
  reserved: Reserved,
  { quote, outputCap }: Funded,
  seen: Seen,
): Promise<Usage> {
  const { target } = quote.candidate
  const isCountable = target.tokenizer !== undefined
  const isPromptKnown = isCountable && !reserved.needs.size.unbounded
  const prompt = isPromptKnown ? await countPrompt(ports, reserved, target) : quote.inputTokens
  const framing = UNSEEN_PER_CHOICE * quote.choices
  const output = (await countWritten(ports.tokenizer, target, seen, quote.choices)) + framing
  const counted = {
    inputTokens: Math.min(prompt, quote.inputTokens),
    cachedTokens: 0,
    cacheWriteTokens: 0,
    outputTokens:
      Math.min(output, outputCap * quote.choices) + (await countPredicted(ports, reserved, isCountable)),
    reasoningTokens: 0,
  }
  return seen.floor === 'unreported' ? counted : dearerOf(counted, seen.floor)
}

/**
 * Tokens of everything that was seen of an answer, in all its choices, or what it reported on the way if that
 * is more, and of what was not seen of one cut short.
 */
export async function countWritten(
  tokenizer: Tokenizer,
  target: Target,
  { words, floor, cut }: Seen,
  choices: number,
): Promise<number> {
  const { text, beyondBytes, frames } = words()
  const tokens = target.tokenizer === undefined ? Buffer.byteLength(text) : await tokenizer.count(text)
  const reported = floor === 'unreported' ? 0 : floor.outputTokens
  const written = Math.max(Math.max(tokens, frames) + beyondBytes, reported)
  return written + unseen(written, choices, cut)
}

async function countPrompt(ports: Ports, reserved: Reserved, target: Target): Promise<number> {
  const { text, besides } = reserved.request.promptText(target)
  return (await ports.tokenizer.count(text)) + besides + (reserved.needs.size.priorTokens ?? 0)
}

/**
 * Every predicted token may have been rejected: unseen, yet billed as output. With a budget the prediction is
 * not sent.
 */
async function countPredicted(ports: Ports, reserved: Reserved, isCountable: boolean): Promise<number> {
  const { predicted } = reserved.needs
  if (predicted === undefined || reserved.budgets.length > 0) return 0
  return isCountable ? ports.tokenizer.count(predicted) : Buffer.byteLength(predicted)
}
