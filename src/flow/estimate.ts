import type { Target } from '../base/target.ts'
import type { Usage } from '../base/usage.ts'
import { dearerOf } from '../upstream/usage-report.ts'
import type { Cut, Seen } from './ending.ts'
import type { Ports } from './ports.ts'
import type { Funded, Reserved } from './reserve.ts'

/** What surrounds the text of a choice unseen: its end, the frames of its calls. */
const UNSEEN_PER_CHOICE = 16

/** So long an upstream writes on until it learns that it is to stop, in milliseconds. */
const STOPPING_MS = 250

/**
 * What an answer used whose upstream did not say, and never less as far as can be told: the prompt's tokens, and those
 * of all the text that came, by the model's own tokenizer or else by bytes, of every choice; and for an answer cut
 * short what it wrote, at the pace it had shown, since its last byte and until it stopped. Never more than the bound,
 * but for a prediction, whose rejected tokens no cap bounds: it is sent only where nothing is held.
 */
export async function estimateUsage(
  ports: Ports,
  reserved: Reserved,
  { quote, outputCap }: Funded,
  { words, floor, cut }: Seen,
): Promise<Usage> {
  const { target } = quote.candidate
  const { text, beyondBytes, frames } = words()
  const isCountable = target.tokenizer !== undefined
  const isPromptKnown = isCountable && !reserved.needs.size.unbounded
  const prompt = isPromptKnown ? await countPrompt(ports, reserved, target) : quote.inputTokens
  const tokens = isCountable ? await ports.tokenizer.count(text) : Buffer.byteLength(text)
  const written = Math.max(tokens, frames) + beyondBytes
  const output = written + unseen(written, cut) + UNSEEN_PER_CHOICE * quote.choices
  const counted = {
    inputTokens: Math.min(prompt, quote.inputTokens),
    cachedTokens: 0,
    cacheWriteTokens: 0,
    outputTokens:
      Math.min(output, outputCap * quote.choices) + (await countPredicted(ports, reserved, isCountable)),
    reasoningTokens: 0,
  }
  return floor === 'unreported' ? counted : dearerOf(counted, floor)
}

async function countPrompt(ports: Ports, reserved: Reserved, target: Target): Promise<number> {
  const { text, besides } = reserved.request.promptText(target)
  return (await ports.tokenizer.count(text)) + besides + (reserved.needs.size.priorTokens ?? 0)
}

/** Whatever was predicted may have been rejected, unseen and billed as output. Budgets have it left out. */
async function countPredicted(ports: Ports, reserved: Reserved, isCountable: boolean): Promise<number> {
  const { predicted } = reserved.needs
  if (predicted === undefined || reserved.budgets.length > 0) return 0
  return isCountable ? ports.tokenizer.count(predicted) : Buffer.byteLength(predicted)
}

/** What was on its way, or not yet sent, when an answer was cut: a pace is taken over no less than the time to stop. */
export function unseen(written: number, cut: Cut | undefined): number {
  if (cut === undefined) return 0
  return Math.ceil((written * (cut.silentMs + STOPPING_MS)) / Math.max(cut.writingMs, STOPPING_MS))
}
