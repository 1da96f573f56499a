import type { Target } from '../../base/target.ts'
import { inputBound } from '../../pricing/bound.ts'
import type { ChatRequest } from '../../routing/chat-request.ts'
import type { Needs } from '../../routing/needs.ts'
import type { PromptText } from './dialect.ts'

/** Tokens the vendor adds to the text. Recorded calls confirm 3 per message, 1 per role, 3 per request. */
const TOKENS_PER_MESSAGE = 4
const TOKENS_PER_REQUEST = 3

/**
 * Plain text is counted as the vendor counts it. Anything else (tools, schemas, calls, images) is counted as
 * the text of the whole body, a slight overestimate, plus the formula for images. Whatever has no bound
 * counts as the whole context.
 */
export function promptText(request: ChatRequest, body: Buffer, needs: Needs, target: Target): PromptText {
  if (isPlainText(request, needs)) {
    const besides = request.messages.length * TOKENS_PER_MESSAGE + TOKENS_PER_REQUEST
    return { text: plainText(request), besides }
  }
  const besides = inputBound({ ...needs.size, textBytes: 0 }, target)
  return { text: withoutImages(body.toString('utf8'), request), besides }
}

const DATA_URL = /data:[\w.+-]+\/[\w.+-]+;base64,[A-Za-z0-9+/=]*/g

/** Removes image data only. Other text that looks like a data URL was written and is billed as text. */
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

/** A refusal in an earlier turn is a content part too, and its words count as prompt. */
function isOnlyText(content: ChatRequest['messages'][number]['content']): boolean {
  return typeof content !== 'object' || (content ?? []).every(({ type }) => type === 'text')
}

/** Needs that add no tokens to the prompt. */
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
