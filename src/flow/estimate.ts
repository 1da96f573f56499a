import type { Target } from '../base/target.ts'
import type { Usage } from '../base/usage.ts'
import { inputBound } from '../pricing/bound.ts'
import type { ChatRequest } from '../routing/chat-request.ts'
import type { Needs } from '../routing/needs.ts'
import { answerText } from './answer-text.ts'
import type { Seen } from './ending.ts'
import type { Ports } from './ports.ts'
import type { Funded, Reserved } from './reserve.ts'

/** What the vendor adds to the tokens of the texts: recorded calls agree with 3 a message, 1 a role, 3 a request. */
const TOKENS_PER_MESSAGE = 4
const TOKENS_PER_REQUEST = 3

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
  const inputTokens = await countPrompt(ports, reserved, quote.candidate.target)
  const sample = Buffer.concat(seen.sample)
  const sampled = await ports.tokenizer.count(answerText(sample.toString('utf8')))
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

/**
 * Plain text is counted as the vendor does. Whatever else a prompt may hold (tools, schemas, calls, images) is counted
 * as the text of the whole body, which is a little more, and by the formula for images; what nothing bounds stands at
 * the context.
 */
async function countPrompt(
  ports: Ports,
  { request, body, needs }: Reserved,
  target: Target,
): Promise<number> {
  if (isPlainText(request, needs)) {
    const texts = await ports.tokenizer.count(plainText(request))
    return texts + request.messages.length * TOKENS_PER_MESSAGE + TOKENS_PER_REQUEST
  }
  const text = withoutImages(body.toString('utf8'), request)
  return (await ports.tokenizer.count(text)) + inputBound({ ...needs.size, textBytes: 0 }, target)
}

const DATA_URL = /data:[\w.+-]+\/[\w.+-]+;base64,[A-Za-z0-9+/=]*/g

/** Only the data of images is no text. Whatever else looks like it was written as words, and is billed as such. */
function withoutImages(text: string, request: ChatRequest): string {
  const images = imageData(request)
  let next = 0
  return text.replace(DATA_URL, (url) => {
    if (url !== images[next]) return url
    next += 1
    return ''
  })
}

function imageData({ messages }: ChatRequest): readonly string[] {
  const parts = messages.flatMap(({ content }) => (typeof content === 'object' ? (content ?? []) : []))
  return parts.flatMap(({ type, image_url: image }) => {
    const url: unknown = typeof image === 'object' && image !== null ? Reflect.get(image, 'url') : image
    return type === 'image_url' && typeof url === 'string' && url.replace(DATA_URL, '') === '' ? [url] : []
  })
}

const PLAIN_KEYS = new Set(['role', 'content'])

function isPlainText(request: ChatRequest, needs: Needs): boolean {
  if (needs.size.unbounded || needs.hard.some(({ capability }) => !PLAIN_NEEDS.has(capability))) return false
  return request.messages.every(
    (message) => Object.keys(message).every((key) => PLAIN_KEYS.has(key)) && isOnlyText(message.content),
  )
}

/** A refusal of an earlier turn is a part too, and words of the prompt. */
function isOnlyText(content: ChatRequest['messages'][number]['content']): boolean {
  return typeof content !== 'object' || (content ?? []).every(({ type }) => type === 'text')
}

/** Needs that add nothing to the prompt. */
const PLAIN_NEEDS: ReadonlySet<string> = new Set(['stream', 'n', 'stop', 'logprobs', 'logit_bias'])

function plainText(request: ChatRequest): string {
  return request.messages
    .map(({ content }) =>
      typeof content === 'string'
        ? content
        : (content ?? []).map(({ text }) => (typeof text === 'string' ? text : '')).join('\n'),
    )
    .join('\n')
}
