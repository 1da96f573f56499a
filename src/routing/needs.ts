import type { PromptSize } from '../base/prompt-size.ts'
import type { ChatRequest } from './chat-request.ts'
import { Contents, field } from './contents.ts'
import { FEATURES, type Need, weightOf } from './features.ts'

/** The client's cap on output tokens, and the field it used. */
export interface ClientCap {
  readonly tokens: number
  readonly by: 'max_tokens' | 'max_completion_tokens' | 'max_output_tokens'
}

interface ChatCap extends ClientCap {
  readonly by: 'max_tokens' | 'max_completion_tokens'
}

/** What a request requires of the model that serves it. */
export interface Needs {
  /** A target that lacks any of these cannot serve the request. */
  readonly hard: readonly Need[]
  /** Top-level fields to leave out for a target that lacks the capability. */
  readonly soft: readonly Need[]
  /** Top-level fields that ask for nothing and are refused for it; left out for every target. */
  readonly idle?: readonly string[]
  /** Positions of system and developer messages, which some targets accept only with the role `user`. */
  readonly instructions: readonly { readonly index: number; readonly role: 'system' | 'developer' }[]
  readonly size: PromptSize
  /** `n`: every choice is billed up to the cap. */
  readonly choices: number
  readonly cap: ClientCap | undefined
  /** The reasoning effort, in the client's word. */
  readonly effort?: string | undefined
  readonly stream: boolean
  /** The client itself asked for the stream's usage frame and must see it. */
  readonly usageAsked: boolean
  /** Images the upstream fetches itself; their sizes are unknown here. */
  readonly remoteImages: number
  readonly audio: boolean
  readonly files: boolean
  /** It runs to completion, and is billed, even if nobody waits for it. */
  readonly goesOn?: boolean
  /** The stored prompt names the model, and the request names none. */
  readonly isModelStored?: boolean
  /** Its answer is stored upstream, to be fetched by id. */
  readonly isKept?: boolean
  /** Text predicted to be in the answer: rejected tokens are billed as output, and none as input. */
  readonly predicted?: string | undefined
}

/** What a chat request needs. */
export interface ChatNeeds extends Needs {
  readonly cap: ChatCap | undefined
}

/**
 * What `request` needs; `bodyBytes` is the length of its body. The text bound is the whole body without
 * image, audio and file data and without the prediction: JSON never encodes text in fewer bytes than UTF-8,
 * so no BPE makes more tokens of it.
 */
export function needsOf(request: ChatRequest, bodyBytes: number): ChatNeeds {
  const hard: Need[] = []
  const soft: Need[] = []
  const idle: string[] = []
  for (const feature of FEATURES) {
    const weight = weightOf(feature, request)
    if (weight === 'idle') idle.push(feature.param)
    else if (weight !== 'absent') (weight === 'hard' ? hard : soft).push(feature)
  }
  const read = new MessageReader(hard)
  request.messages.forEach((message, index) => {
    read.message(message, index)
  })
  const predicted = predictedText(request)
  const predictedBytes = predicted === undefined ? 0 : Buffer.byteLength(predicted)
  return {
    hard,
    soft,
    idle,
    instructions: read.instructions,
    size: {
      textBytes: bodyBytes - read.dataBytes - predictedBytes,
      messages: request.messages.length,
      images: read.images,
      unbounded: read.unbounded || hard.some((need) => need.capability === 'audio'),
    },
    choices: request.n ?? 1,
    cap: capOf(request),
    effort: request.reasoning_effort ?? undefined,
    stream: request.stream ?? false,
    usageAsked: request.stream_options?.include_usage ?? false,
    remoteImages: read.remoteImages,
    audio: hard.some((need) => need.capability === 'audio'),
    files: hard.some((need) => need.capability === 'files'),
    isKept: request.store ?? false,
    predicted,
  }
}

/** Only the words of a prediction: they are never longer than the JSON they are encoded in. */
function predictedText({ prediction }: ChatRequest): string | undefined {
  if (!prediction) return undefined
  const content = field(prediction, 'content')
  if (typeof content === 'string') return content
  const texts = Array.isArray(content) ? content.map((part: unknown) => field(part, 'text')) : []
  return texts.filter((text) => typeof text === 'string').join('')
}

function capOf(request: ChatRequest): ChatCap | undefined {
  const { max_completion_tokens: newer, max_tokens: older } = request
  if (newer) return { tokens: newer, by: 'max_completion_tokens' }
  return older ? { tokens: older, by: 'max_tokens' } : undefined
}

type Message = ChatRequest['messages'][number]
type Part = Record<string, unknown> & { readonly type: string }

/** Collects the needs of the messages. */
class MessageReader extends Contents {
  message(message: Message, index: number): void {
    const { role, content } = message
    if (role === 'system' || role === 'developer') this.instructions.push({ index, role })
    else if (role === 'tool') this.need('tools', `messages[${index}].role`)
    else if (role === 'function') this.need('functions', `messages[${index}].role`)
    else if (role === 'assistant') this.#assistant(message, index)
    if (typeof content !== 'object' || content === null) return
    content.forEach((part, partIndex) => {
      if (part.type !== 'text') this.#part(part, `messages[${index}].content[${partIndex}]`)
    })
  }

  #assistant(message: Message, index: number): void {
    if (Array.isArray(message.tool_calls) && message.tool_calls.length > 0) {
      this.need('tools', `messages[${index}].tool_calls`)
    }
    if (message.function_call) this.need('functions', `messages[${index}].function_call`)
    if (message.audio) this.need('audio', `messages[${index}].audio`)
  }

  #part({ type, image_url: asked, input_audio: sound, file }: Part, param: string): void {
    if (type === 'refusal') return
    if (type === 'image_url') {
      this.image(typeof asked === 'string' ? asked : field(asked, 'url'), field(asked, 'detail'), param)
    } else if (type === 'input_audio') this.opaque('audio', field(sound, 'data'), param)
    else if (type === 'file') this.opaque('files', field(file, 'file_data'), param)
    else this.unbounded = true
  }
}
