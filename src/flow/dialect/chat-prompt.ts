import type { Target } from '../../base/target.ts'
import { inputBound } from '../../pricing/bound.ts'
import type { ChatRequest } from '../../routing/chat-request.ts'
import type { Needs } from '../../routing/needs.ts'
import type { PromptText } from './dialect.ts'

/** What the vendor adds to the tokens of the texts: recorded calls agree with 3 a message, 1 a role, 3 a request. */
const TOKENS_PER_MESSAGE = 4
const TOKENS_PER_REQUEST = 3

/**
 * Plain text is counted as the vendor does. Whatever else a prompt may hold (tools, schemas, calls, images) is counted
 * as the text of the whole body, which is a little more, and by the formula for images; what nothing bounds stands at
 * the context.
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
