import { type IncomingHttpHeaders, type IncomingMessage, request as send } from 'node:http'

/** Bytes as they came off the socket, and when (milliseconds of `performance.now`). */
export interface Arrival {
  readonly at: number
  readonly bytes: Buffer
}

export interface Ask {
  readonly method?: string
  readonly key?: string
  readonly headers?: Readonly<Record<string, string>>
  /** Objects go out as JSON, texts and buffers as they are. */
  readonly body?: object | string | Buffer
}

/**
 * A client that sees what SDKs hide: every chunk with its time, and whether the answer ended whole or was torn.
 * Each ask has a connection of its own.
 */
export interface RawAnswer {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  /** What has come so far; grows until `ended` resolves. */
  readonly arrivals: readonly Arrival[]
  /** Everything that has come so far as one text. */
  text(): string
  /** Resolves once the text so far holds these words; rejects when the answer ends without them. */
  until(words: string): Promise<void>
  /** Resolves to how the answer ended, never rejects. */
  readonly ended: Promise<'whole' | 'torn'>
  /** Stops and starts reading, as a slow client does. */
  pause(): void
  resume(): void
  /** Hangs up. */
  abort(): void
}

/** Asks and resolves at the answer's head; rejects when there is none. */
export function ask(
  url: string,
  { method = 'POST', key = 'sk-test', headers, body }: Ask = {},
): Promise<RawAnswer> {
  const bytes = typeof body === 'string' || Buffer.isBuffer(body) ? body : JSON.stringify(body)
  return new Promise((resolve, reject) => {
    const request = send(url, {
      method,
      agent: false,
      headers: {
        authorization: `Bearer ${key}`,
        ...(bytes === undefined
          ? {}
          : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(bytes) }),
        ...headers,
      },
    })
    request.once('error', reject)
    request.once('response', (response) => resolve(watch(response)))
    request.end(bytes)
  })
}

/** Asks and resolves when the whole answer is there; its JSON is parsed where it is one. */
export async function askWhole(
  url: string,
  asked: Ask = {},
): Promise<RawAnswer & { readonly json: unknown }> {
  const answer = await ask(url, asked)
  await answer.ended
  const isJson = answer.headers['content-type']?.startsWith('application/json') === true
  return { ...answer, json: isJson ? JSON.parse(answer.text()) : undefined }
}

function watch(response: IncomingMessage): RawAnswer {
  const arrivals: Arrival[] = []
  const ended = new Promise<'whole' | 'torn'>((resolve) => {
    response.once('error', () => resolve('torn'))
    response.once('close', () => resolve(response.complete ? 'whole' : 'torn'))
  })
  const text = () => Buffer.concat(arrivals.map(({ bytes }) => bytes)).toString()
  response.on('data', (bytes: Buffer) => arrivals.push({ at: performance.now(), bytes }))
  return {
    status: response.statusCode ?? 0,
    headers: response.headers,
    arrivals,
    text,
    ended,
    until: (words) =>
      new Promise((resolve, reject) => {
        const look = () => {
          if (text().includes(words)) resolve()
        }
        response.on('data', look)
        response.once('close', () => reject(new Error(`ended without ${JSON.stringify(words)}: ${text()}`)))
        look()
      }),
    pause: () => response.pause(),
    resume: () => response.resume(),
    abort: () => response.destroy(),
  }
}

/** The payloads of a stream's `data:` frames, `[DONE]` included, comments left out. */
export function payloads(stream: string): readonly string[] {
  return stream
    .split('\n\n')
    .filter((frame) => frame.startsWith('data: '))
    .map((frame) => frame.slice('data: '.length))
}
