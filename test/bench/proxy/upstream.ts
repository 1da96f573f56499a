import { createServer, type Socket } from 'node:net'

/**
 * The upstream of all contestants, as cheap as possible: its responses are prepared in advance, and it looks
 * only at where a request ends, whether it wants a stream, and the header `x-bench: CHUNKS/DELAY/EVERY`.
 * Every chunk of a stream is a separate write, spaced by the given number of milliseconds, so that chunks
 * reach a proxy one at a time, like tokens.
 */
const TICK_MS = 1
/** For a request whose header was lost on the way. */
const USUAL: Wish = { chunks: 50, delayMs: 0, everyMs: 1 }

interface Wish {
  readonly chunks: number
  readonly delayMs: number
  readonly everyMs: number
}

const HEADERS = [
  'HTTP/1.1 200 OK',
  'date: Sun, 22 Nov 2026 00:00:00 GMT',
  'x-request-id: req_0123456789abcdef0123456789abcdef',
  'openai-organization: bench',
  'openai-processing-ms: 412',
  'openai-version: 2020-10-01',
  'x-ratelimit-limit-requests: 10000',
  'x-ratelimit-limit-tokens: 30000000',
  'x-ratelimit-remaining-requests: 9999',
  'x-ratelimit-remaining-tokens: 29999000',
  'x-ratelimit-reset-requests: 6ms',
  'x-ratelimit-reset-tokens: 2ms',
]

const MODEL = 'gpt-4o-2024-08-06'
const USAGE = {
  prompt_tokens: 210,
  completion_tokens: 118,
  total_tokens: 328,
  prompt_tokens_details: { cached_tokens: 128, audio_tokens: 0 },
  completion_tokens_details: { reasoning_tokens: 0, audio_tokens: 0 },
}

function wholeAnswer(): Buffer {
  const content = 'The harbour wakes before the town does. '.repeat(13)
  const choice = { index: 0, message: { role: 'assistant', content, refusal: null }, logprobs: null }
  const body = JSON.stringify({
    id: 'chatcmpl-0123456789abcdefghijklmnopqrs',
    object: 'chat.completion',
    created: 1795305600,
    model: MODEL,
    choices: [{ ...choice, finish_reason: 'stop' }],
    usage: USAGE,
    service_tier: 'default',
    system_fingerprint: 'fp_0123456789',
  })
  const head = [...HEADERS, 'content-type: application/json', `content-length: ${Buffer.byteLength(body)}`]
  return Buffer.from(`${head.join('\r\n')}\r\n\r\n${body}`)
}

function streamHead(): Buffer {
  const own = ['content-type: text/event-stream; charset=utf-8', 'transfer-encoding: chunked']
  return Buffer.from(`${[...HEADERS, ...own].join('\r\n')}\r\n\r\n`)
}

function streamFrames(count: number, withUsage: boolean): readonly Buffer[] {
  const frame = (choices: readonly object[], usage: object | null) =>
    `data: ${JSON.stringify({
      id: 'chatcmpl-0123456789abcdefghijklmnopqrs',
      object: 'chat.completion.chunk',
      created: 1795305600,
      model: MODEL,
      service_tier: 'default',
      system_fingerprint: 'fp_0123456789',
      choices,
      ...(withUsage && { usage }),
      obfuscation: 'Kx7Qm2',
    })}\n\n`
  const delta = (content: object, finish: string | null) =>
    frame([{ index: 0, delta: content, logprobs: null, finish_reason: finish }], null)
  const frames = [
    delta({ role: 'assistant', content: '', refusal: null }, null),
    ...Array.from({ length: count }, (_, index) => delta({ content: ` word${index}` }, null)),
    delta({}, 'stop'),
    ...(withUsage ? [frame([], USAGE)] : []),
    'data: [DONE]\n\n',
  ]
  const chunks = frames.map((text) => `${Buffer.byteLength(text).toString(16)}\r\n${text}\r\n`)
  return [...chunks, '0\r\n\r\n'].map((text) => Buffer.from(text))
}

const WHOLE = wholeAnswer()
const HEAD = streamHead()
const FRAMES = new Map<string, readonly Buffer[]>()

function framesOf(count: number, withUsage: boolean): readonly Buffer[] {
  const name = `${count} ${withUsage}`
  const frames = FRAMES.get(name) ?? streamFrames(count, withUsage)
  FRAMES.set(name, frames)
  return frames
}

/** A stream in progress: how many of its frames have been sent, and when the next is due. */
interface Stream {
  readonly frames: readonly Buffer[]
  readonly everyMs: number
  sent: number
  dueAt: number
}

const streams = new Map<Socket, Stream>()

function tick(): void {
  const now = performance.now()
  for (const [socket, stream] of streams) {
    if (stream.dueAt > now) continue
    // At most one per tick, so that late frames do not go out all at once.
    stream.dueAt = Math.max(stream.dueAt + stream.everyMs, now)
    const frame = stream.frames[stream.sent++]
    if (frame !== undefined) socket.write(frame)
    if (stream.sent === stream.frames.length) streams.delete(socket)
  }
}

function wishOf(head: string): Wish {
  const [, chunks, delayMs, everyMs] = /x-bench: *(\d+)\/(\d+)\/(\d+)/i.exec(head) ?? []
  if (chunks === undefined) return USUAL
  return { chunks: Number(chunks), delayMs: Number(delayMs), everyMs: Number(everyMs) }
}

function answer(socket: Socket, request: Buffer, { chunks, everyMs }: Wish): void {
  if (socket.destroyed) return
  if (!request.includes('"stream":true')) {
    socket.write(WHOLE)
    return
  }
  socket.write(HEAD)
  const frames = framesOf(chunks, request.includes('"include_usage":true'))
  streams.set(socket, { frames, everyMs, sent: 0, dueAt: performance.now() })
}

const server = createServer({ noDelay: true }, (socket) => {
  let pending: Buffer = Buffer.alloc(0)
  socket.on('data', (chunk: Buffer) => {
    pending = pending.length === 0 ? chunk : Buffer.concat([pending, chunk])
    const head = pending.indexOf('\r\n\r\n')
    if (head === -1) return
    const said = pending.toString('latin1', 0, head)
    const length = /content-length: *(\d+)/i.exec(said)?.[1]
    if (pending.length < head + 4 + Number(length ?? 0)) return
    const request = pending
    const wish = wishOf(said)
    pending = Buffer.alloc(0)
    if (wish.delayMs === 0) answer(socket, request, wish)
    else setTimeout(() => answer(socket, request, wish), wish.delayMs)
  })
  socket.on('error', () => socket.destroy())
  socket.on('close', () => streams.delete(socket))
})
setInterval(tick, TICK_MS)
server.listen(0, '127.0.0.1', () => {
  const address = server.address()
  if (address !== null && typeof address === 'object') console.log(`http://127.0.0.1:${address.port}`)
})
