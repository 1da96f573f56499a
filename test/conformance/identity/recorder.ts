import { once } from 'node:events'
import { createServer, type IncomingMessage } from 'node:http'
import { buffer } from 'node:stream/consumers'
import { gzipSync } from 'node:zlib'

/** A request as it arrived, unparsed. */
export interface Recorded {
  readonly method: string
  /** With escapes and query as on the wire. */
  readonly url: string
  /** Names as written, each followed by its value. */
  readonly rawHeaders: readonly string[]
  readonly body: Buffer
}

/** An upstream that records its requests and accepts every one. */
export interface Recorder {
  readonly baseUrl: string
  /** The requests that arrived since the last call. */
  take(): readonly Recorded[]
  close(): Promise<void>
}

export async function startRecorder(): Promise<Recorder> {
  let heard: Recorded[] = []
  const server = createServer(async (request, response) => {
    const body = await buffer(request)
    const { method = '', url = '', rawHeaders } = request
    // Trivium fetches this list by itself now and then, and answers clients from what it knows.
    if (url !== '/v1/models') heard.push({ method, url, rawHeaders, body })
    const { status, type, bytes, encoding } = answerTo(request, body)
    response.writeHead(status, {
      'content-type': type,
      'x-request-id': 'req_recorded',
      'openai-version': '2020-10-01',
      ...(encoding === undefined ? {} : { 'content-encoding': encoding }),
    })
    response.end(bytes)
  })
  // Longer than any client keeps an idle connection, so that none is closed while a request is in transit.
  server.keepAliveTimeout = 75_000
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  return {
    baseUrl: `http://127.0.0.1:${port}/v1`,
    take() {
      const taken = heard
      heard = []
      return taken
    },
    async close() {
      server.close()
      server.closeAllConnections()
    },
  }
}

interface Answer {
  readonly status: number
  readonly type: string
  readonly bytes: Buffer
  readonly encoding?: string
}

const BINARY = Buffer.from(Uint8Array.from({ length: 1024 }, (_, index) => (index * 7) % 256))

/** An answer the client can parse: an object, an empty page, or bytes. */
function answerTo({ url = '', method, headers }: IncomingMessage, body: Buffer): Answer {
  const path = url.split('?')[0] ?? ''
  if (/\/unknown_path$/.test(path))
    return json(404, { error: { message: 'Not Found', type: null, param: null, code: null } })
  if (/\/content$|\/speech$|\/recording$/.test(path))
    return { status: 200, type: 'application/octet-stream', bytes: BINARY }
  if (method === 'POST' && path.endsWith('/chat/completions')) return json(200, CHAT)
  if (method === 'POST' && path.endsWith('/responses')) return json(200, RESPONSE)
  if (body.includes('"stream":true'))
    return { status: 200, type: 'text/event-stream', bytes: Buffer.from(EVENTS) }
  if (method === 'GET' && headers['accept-encoding']?.includes('gzip') === true && path.endsWith('/files')) {
    const plain = json(200, PAGE)
    return { ...plain, bytes: gzipSync(plain.bytes), encoding: 'gzip' }
  }
  return json(200, PAGE)
}

function json(status: number, value: object): Answer {
  return { status, type: 'application/json', bytes: Buffer.from(`${JSON.stringify(value, null, 2)}\n`) }
}

const PAGE = { id: 'obj_1', object: 'list', data: [], has_more: false, status: 'completed', ключ: '长城' }
const EVENTS =
  'event: thread.run.completed\ndata: {"id":"run_1","object":"thread.run"}\n\nevent: done\ndata: [DONE]\n\n'
const CHAT = {
  id: 'chatcmpl-1',
  object: 'chat.completion',
  created: 1,
  model: 'gpt-4o-2024-08-06',
  choices: [
    {
      index: 0,
      message: { role: 'assistant', content: '{}', refusal: null },
      logprobs: null,
      finish_reason: 'stop',
    },
  ],
  usage: { prompt_tokens: 10, completion_tokens: 5, total_tokens: 15 },
}
const RESPONSE = {
  id: 'resp_1',
  object: 'response',
  created_at: 1,
  status: 'completed',
  model: 'gpt-4o-2024-08-06',
  output: [
    {
      type: 'message',
      id: 'msg_1',
      status: 'completed',
      role: 'assistant',
      content: [{ type: 'output_text', text: '{}', annotations: [] }],
    },
  ],
  usage: {
    input_tokens: 10,
    input_tokens_details: { cached_tokens: 0 },
    output_tokens: 5,
    output_tokens_details: { reasoning_tokens: 0 },
    total_tokens: 15,
  },
}
