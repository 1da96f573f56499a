import { type IncomingHttpHeaders, type IncomingMessage, request as send } from 'node:http'

/** Bytes as received from the socket, and when (milliseconds of `performance.now`). */
export interface Arrival {
  readonly at: number
  readonly bytes: Buffer
}

export interface Ask {
  readonly method?: string
  readonly key?: string
  readonly headers?: Readonly<Record<string, string>>
  /** Objects are sent as JSON, strings and buffers as they are. */
  readonly body?: object | string | Buffer
}

/**
 * What SDKs hide: every chunk with its time, and whether the response ended complete or was cut off. Each
 * request has its own connection.
 */
export interface RawAnswer {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  /** Received so far; grows until `ended` resolves. */
  readonly arrivals: readonly Arrival[]
  /** Everything received so far as one string. */
  text(): string
  /** Resolves once the text so far contains these words; rejects if the response ends without them. */
  until(words: string): Promise<void>
  /** Resolves to how the response ended; never rejects. */
  readonly ended: Promise<'whole' | 'torn'>
  /** Pauses and resumes reading, like a slow client. */
  pause(): void
  resume(): void
  /** Disconnects. */
  abort(): void
}

/** Sends a request and resolves at the response head; rejects if there is none. */
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

/** Sends a request and resolves when the whole response has arrived, with its JSON parsed if it is JSON. */
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

/** The payloads of a stream's `data:` frames, including `[DONE]`, without comments. */
export function payloads(stream: string): readonly string[] {
  return stream
    .split('\n\n')
    .filter((frame) => frame.startsWith('data: '))
    .map((frame) => frame.slice('data: '.length))
}
