import type OpenAI from 'openai'
import type { ClientOptions } from 'openai'
import type { Major } from '../support/openai-majors.ts'

/** The routed endpoints, and the two ways each answers. */
export const WAYS = ['chat', 'chat stream', 'responses', 'responses stream'] as const
export type Way = (typeof WAYS)[number]

/** What a program with an official client sees of one request. */
export type Sighting = Seen | Raised

interface Seen {
  /** The `finish_reason` of a chat, the `status` of a response, the type of a stream's last event. */
  readonly finish: string | null
  readonly text: string
}

interface Raised {
  /** The class of the error. */
  readonly as: string
  readonly status: unknown
  readonly code: unknown
  readonly type: unknown
  readonly message: string
  /** Chunks or events that arrived before it. */
  readonly after: number
}

export interface Question {
  readonly model: string
  readonly words: string
  /** The most tokens the answer may have. */
  readonly most: number
}

/** Asks as a program would: takes the answer or reads the stream to its end, and catches any error. */
export async function see(
  { Client }: Major,
  way: Way,
  setup: Pick<ClientOptions, 'baseURL' | 'apiKey' | 'defaultHeaders'>,
  question: Question,
): Promise<Sighting> {
  const client = new Client({ ...setup, maxRetries: 0 })
  const progress: Progress = { chunks: 0, text: '', finish: null }
  try {
    await READ[way](client, question, progress)
    return { finish: progress.finish, text: progress.text }
  } catch (thrown) {
    if (!(thrown instanceof Error)) throw thrown
    const [status, code, type] = ['status', 'code', 'type'].map((name): unknown => Reflect.get(thrown, name))
    const { message } = thrown
    return { as: thrown.constructor.name, status, code, type, message, after: progress.chunks }
  }
}

/** What has arrived of an answer so far. */
interface Progress {
  chunks: number
  text: string
  finish: string | null
}

type Read = (client: OpenAI, question: Question, progress: Progress) => Promise<void>

const READ: Readonly<Record<Way, Read>> = {
  async chat(client, question, progress) {
    const { choices } = await client.chat.completions.create(chatOf(question))
    progress.finish = choices[0]?.finish_reason ?? null
    progress.text = choices[0]?.message.content ?? ''
  },
  async 'chat stream'(client, question, progress) {
    const stream = await client.chat.completions.create({ ...chatOf(question), stream: true })
    for await (const { choices } of stream) {
      progress.chunks += 1
      progress.finish = choices[0]?.finish_reason ?? progress.finish
      progress.text += choices[0]?.delta.content ?? ''
    }
  },
  async responses(client, question, progress) {
    const { status, output_text: text } = await client.responses.create(responseOf(question))
    progress.finish = status ?? null
    progress.text = text
  },
  async 'responses stream'(client, question, progress) {
    const stream = await client.responses.create({ ...responseOf(question), stream: true })
    for await (const event of stream) {
      progress.chunks += 1
      progress.finish = event.type
      if (event.type === 'response.output_text.delta') progress.text += event.delta
    }
  },
}

function chatOf({ model, words, most }: Question) {
  return { model, messages: [{ role: 'user' as const, content: words }], max_completion_tokens: most }
}

function responseOf({ model, words, most }: Question) {
  return { model, input: words, max_output_tokens: most }
}
