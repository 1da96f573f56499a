import type { PromptSize } from '../base/prompt-size.ts'
import type { ChatRequest } from './chat-request.ts'
import { Contents, field } from './contents.ts'
import { FEATURES, type Need, weightOf } from './features.ts'

/** The most output tokens the client wants, and the field it said so in. */
export interface ClientCap {
  readonly tokens: number
  readonly by: 'max_tokens' | 'max_completion_tokens' | 'max_output_tokens'
}

interface ChatCap extends ClientCap {
  readonly by: 'max_tokens' | 'max_completion_tokens'
}

/** What a request takes from the model that serves it. */
export interface Needs {
  /** A target that lacks one of these cannot serve the request. */
  readonly hard: readonly Need[]
  /** Top-level fields that are left out for a target that lacks the capability. */
  readonly soft: readonly Need[]
  /** Top-level fields that ask for nothing and are refused for it: they are left out for every target. */
  readonly idle?: readonly string[]
  /** Places in `messages` of system and developer messages, which some targets take only as a user's. */
  readonly instructions: readonly { readonly index: number; readonly role: 'system' | 'developer' }[]
  readonly size: PromptSize
  /** `n`: every choice is billed up to the cap. */
  readonly choices: number
  readonly cap: ClientCap | undefined
  /** How hard the model shall think, in the client's word. */
  readonly effort?: string | undefined
  readonly stream: boolean
  /** The client itself asked for the usage frame of a stream, and must see it. */
  readonly usageAsked: boolean
  /** Images the upstream fetches by itself: their sizes cannot be known here. */
  readonly remoteImages: number
  readonly audio: boolean
  readonly files: boolean
  /** It is made to its end, and billed, whether anybody waits for it or not. */
  readonly goesOn?: boolean
  /** A stored prompt names its model itself, and the request names none. */
  readonly isModelStored?: boolean
  /** Its answer stays upstream, to be asked for by its id. */
  readonly isKept?: boolean
  /** Text the answer is expected to hold: what of it is rejected is billed as output, and none of it as input. */
  readonly predicted?: string | undefined
}

/** What a chat request needs. */
export interface ChatNeeds extends Needs {
  readonly cap: ChatCap | undefined
}

/**
 * What `request` needs; `bodyBytes` is the length of the body it was read from. The text bound is the whole body
 * without the data of images, sound and files, and without what is predicted: JSON never writes text in fewer bytes
 * than UTF-8 does, so no BPE makes more tokens of the text than that.
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

/** Of a prediction only its words are read: they are never longer than the JSON they are written in. */
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

/** Gathers what the messages need. */
class MessageReader extends Contents {
  message(message: Message, index: number): void {
    const { role, content } = message
    if (role === 'system' || role === 'developer') this.instructions.push({ index, role })
    else if (role === 'tool') this.need('tools', `messages[${index}].role`)
    else if (role === 'function') this.need('functions', `messages[${index}].role`)
    else if (role === 'assistant') this.#assistant(message, index)
    if (typeof content !== 'object' || content === null) return
    content.forEach((part, place) => {
      if (part.type !== 'text') this.#part(part, `messages[${index}].content[${place}]`)
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
