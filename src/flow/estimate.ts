import type { Usage } from '../base/usage.ts'
import type { ChatRequest } from '../routing/chat-request.ts'
import type { Seen } from './ending.ts'
import type { Ports } from './ports.ts'
import type { Funded, Reserved } from './reserve.ts'

/** What the vendor adds to the tokens of the texts: recorded calls agree with 3 a message, 1 a role, 3 a request. */
const TOKENS_PER_MESSAGE = 4
const TOKENS_PER_REQUEST = 3

/**
 * What an answer used that does not say so, mostly a stream that broke off before it could: the prompt's tokens, and
 * the tokens of the text that came, extrapolated from its first bytes where there was more than is kept.
 */
export async function estimateUsage(
  ports: Ports,
  { request }: Reserved,
  { quote, outputCap }: Funded,
  seen: Seen,
): Promise<Usage> {
  const prompt = await ports.tokenizer.count(promptText(request))
  const inputTokens = prompt + request.messages.length * TOKENS_PER_MESSAGE + TOKENS_PER_REQUEST
  const sample = Buffer.concat(seen.sample)
  const sampled = await ports.tokenizer.count(answerText(sample.toString('utf8')))
  const share = sample.length === 0 ? 0 : seen.totalBytes / sample.length
  return {
    inputTokens: Math.min(inputTokens, quote.inputTokens),
    cachedTokens: 0,
    cacheWriteTokens: 0,
    outputTokens: Math.min(Math.ceil(sampled * share), outputCap * quote.choices),
    reasoningTokens: 0,
  }
}

/** Tools are billed as text of about their JSON's length. */
function promptText(request: ChatRequest): string {
  const texts = request.messages.map(({ content }) =>
    typeof content === 'string'
      ? content
      : (content ?? []).map(({ text }) => (typeof text === 'string' ? text : '')).join('\n'),
  )
  const tools = request.tools ?? request.functions
  return tools ? `${texts.join('\n')}\n${JSON.stringify(tools)}` : texts.join('\n')
}

/** Everything the model wrote: content, refusals, and the names and arguments of tool calls. */
function answerText(answer: string): string {
  let text = ''
  const whole = answer.trimStart()
  if (whole.startsWith('{')) for (const choice of choicesOf(whole)) text += strings(choice)
  for (const [, json] of answer.matchAll(/^data: (\{.*)$/gm)) {
    for (const choice of choicesOf(json ?? '')) text += strings(choice)
  }
  return text
}

function choicesOf(json: string): readonly unknown[] {
  try {
    const frame: unknown = JSON.parse(json)
    const choices = typeof frame === 'object' && frame !== null && 'choices' in frame ? frame.choices : []
    return Array.isArray(choices)
      ? choices.map(
          (choice: unknown) => Reflect.get(Object(choice), 'delta') ?? Reflect.get(Object(choice), 'message'),
        )
      : []
  } catch {
    // The last frame of a sample may be cut.
    return []
  }
}

const NOT_WRITTEN = new Set(['role', 'id', 'type', 'obfuscation'])

function strings(value: unknown): string {
  if (typeof value === 'string') return value
  if (typeof value !== 'object' || value === null) return ''
  return Object.entries(value)
    .map(([key, inner]) => (NOT_WRITTEN.has(key) ? '' : strings(inner)))
    .join('')
}
