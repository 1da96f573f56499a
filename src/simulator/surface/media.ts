import { z } from 'zod'
import { type Answer, type Ask, bodyOf, checked, events, json, type Operation } from './answer.ts'
import { formOf } from './form.ts'

/** Nano-dollars per token of the only image model the simulator bills: text in, images in, images out. */
const IMAGE_PRICE = { text: 2000, image: 2500, output: 8000 }
/** Tokens of a small image. */
const PICTURE = 272
/** A PNG of one pixel. */
const PIXEL =
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=='

/** Forms contain only text. */
const number = z.coerce.number().int()
const flag = z.union([z.boolean(), z.stringbool()])
const file = z.instanceof(Blob)

const drawing = {
  prompt: z.string().min(1),
  model: z.string().optional(),
  n: number.min(1).max(10).optional(),
  size: z.string().optional(),
  quality: z.string().optional(),
  background: z.string().optional(),
  output_format: z.string().optional(),
  output_compression: number.optional(),
  partial_images: number.min(0).max(3).optional(),
  response_format: z.enum(['url', 'b64_json']).optional(),
  stream: flag.optional(),
  user: z.string().optional(),
}
const Generation = z.strictObject({
  ...drawing,
  moderation: z.string().optional(),
  style: z.string().optional(),
})
const Edit = z.strictObject({
  ...drawing,
  image: z.union([file, z.array(file)]),
  mask: file.optional(),
  input_fidelity: z.string().optional(),
})
const Variation = z.strictObject({ ...drawing, prompt: z.string().optional(), image: file })

const Speech = z.strictObject({
  model: z.string(),
  input: z.string().max(4096),
  voice: z.union([z.string(), z.strictObject({ id: z.string() })]),
  instructions: z.string().optional(),
  response_format: z.enum(['mp3', 'opus', 'aac', 'flac', 'wav', 'pcm']).optional(),
  speed: z.number().min(0.25).max(4).optional(),
  stream_format: z.enum(['sse', 'audio']).optional(),
})

const heard = {
  file,
  model: z.string(),
  prompt: z.string().optional(),
  response_format: z.enum(['json', 'text', 'srt', 'verbose_json', 'vtt', 'diarized_json']).optional(),
  temperature: z.coerce.number().optional(),
}
const Transcription = z.strictObject({
  ...heard,
  language: z.string().optional(),
  stream: flag.optional(),
  include: z.unknown().optional(),
  chunking_strategy: z.unknown().optional(),
  timestamp_granularities: z.unknown().optional(),
  known_speaker_names: z.unknown().optional(),
  known_speaker_references: z.unknown().optional(),
})
const Translation = z.strictObject(heard)

export const mediaOperations: readonly Operation[] = [
  { method: 'POST', path: '/images/generations', answer: (ask) => draw(ask, bodyOf(ask, Generation), 0) },
  { method: 'POST', path: '/images/edits', answer: async (ask) => draw(ask, await sent(ask, Edit), PICTURE) },
  {
    method: 'POST',
    path: '/images/variations',
    answer: async (ask) => draw(ask, await sent(ask, Variation), PICTURE),
  },
  { method: 'POST', path: '/audio/speech', answer: speak },
  {
    method: 'POST',
    path: '/audio/transcriptions',
    answer: async (ask) => hear(ask, await sent(ask, Transcription)),
  },
  {
    method: 'POST',
    path: '/audio/translations',
    answer: async (ask) => hear(ask, await sent(ask, Translation)),
  },
]

async function sent<T extends z.ZodType>(ask: Ask, schema: T): Promise<z.infer<T>> {
  return checked(schema, await formOf(ask))
}

interface Drawing {
  readonly prompt?: string | undefined
  readonly model?: string | undefined
  readonly n?: number | undefined
  readonly stream?: boolean | undefined
}

/** Newer models bill tokens and report their number; older ones return URLs and report nothing. */
function draw(
  ask: Ask,
  { prompt = '', model = 'dall-e-2', n = 1, stream }: Drawing,
  pictures: number,
): Answer {
  const created = ask.now
  if (!model.startsWith('gpt-image')) {
    const url = 'https://images.example/pixel.png'
    return json({ created, data: Array.from({ length: n }, () => ({ url })) })
  }
  const text = prompt.split(/\s+/).length
  const output = PICTURE * n
  const nano = text * IMAGE_PRICE.text + pictures * IMAGE_PRICE.image + output * IMAGE_PRICE.output
  ask.bill.book(ask.call, model, nano)
  const usage = {
    input_tokens: text + pictures,
    input_tokens_details: { text_tokens: text, image_tokens: pictures },
    output_tokens: output,
    total_tokens: text + pictures + output,
  }
  if (stream !== true)
    return json({ created, data: Array.from({ length: n }, () => ({ b64_json: PIXEL })), usage })
  const partial = { type: 'image_generation.partial_image', b64_json: PIXEL, partial_image_index: 0 }
  const whole = { type: 'image_generation.completed', b64_json: PIXEL, created_at: created, usage }
  return events([
    { event: partial.type, data: partial },
    { event: whole.type, data: whole },
  ])
}

function speak(ask: Ask): Answer {
  const { input, stream_format: format } = bodyOf(ask, Speech)
  const bytes = Buffer.from(Array.from({ length: 64 * input.length }, () => Math.floor(ask.random() * 256)))
  if (format !== 'sse') return { status: 200, type: 'audio/mpeg', body: bytes }
  const usage = { input_tokens: input.length, output_tokens: 10, total_tokens: input.length + 10 }
  return events([
    { data: { type: 'speech.audio.delta', audio: bytes.toString('base64') } },
    { data: { type: 'speech.audio.done', usage } },
  ])
}

interface Hearing {
  readonly model: string
  readonly file: Blob
  readonly response_format?: string | undefined
  readonly stream?: boolean | undefined
}

function hear(_ask: Ask, { model, file: sound, response_format: format = 'json', stream }: Hearing): Answer {
  const text = `A recording of ${sound.size} bytes.`
  const usage = model.startsWith('whisper')
    ? { type: 'duration', seconds: 2 }
    : {
        type: 'tokens',
        input_tokens: 14,
        input_token_details: { text_tokens: 0, audio_tokens: 14 },
        output_tokens: 9,
        total_tokens: 23,
      }
  if (stream === true) {
    return events([
      { data: { type: 'transcript.text.delta', delta: text } },
      { data: { type: 'transcript.text.done', text, usage } },
    ])
  }
  if (format === 'text' || format === 'srt' || format === 'vtt') {
    return { status: 200, type: 'text/plain; charset=utf-8', body: `${text}\n` }
  }
  const more =
    format === 'verbose_json' ? { task: 'transcribe', language: 'english', duration: 2, segments: [] } : {}
  return json({ text, ...more, usage })
}
