import type { IncomingMessage } from 'node:http'
import type { Socket } from 'node:net'
import Fastify, {
  type FastifyError,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
} from 'fastify'
import { type Failure, failureOf, Refusal } from '../base/failure.ts'
import { requestId } from '../base/ids.ts'
import { identify } from '../flow/admit.ts'
import { chatDialect } from '../flow/dialect/chat.ts'
import { compactDialect } from '../flow/dialect/compact.ts'
import { responsesDialect } from '../flow/dialect/responses.ts'
import { forward } from '../flow/forward.ts'
import { handle } from '../flow/handle.ts'
import { listModels } from '../flow/list-models.ts'
import type { Ports } from '../flow/ports.ts'
import { serveOrigins } from './cors.ts'
import { answerTo } from './envelope.ts'
import { HttpExchange } from './http-exchange.ts'
import { type BodyLimits, HttpUpload } from './http-upload.ts'
import { unpack } from './unpack.ts'

/** What clients talk to, apart from listening. */
export interface DataPlane {
  readonly app: FastifyInstance
  /** Requests that have arrived and whose rows are not closed yet. */
  inFlight(): number
  /** Resolves when every request that has arrived is over, to its row in the ledger. */
  ended(): Promise<void>
}

export interface DataPlaneSettings extends BodyLimits {
  /** Whose pages may call from a browser; none: nobody's. */
  readonly corsOrigins: readonly string[]
}

/** `/v1/…`, the same paths without `/v1`, and those of Azure's clients. */
export function createDataPlane(ports: Ports, settings: DataPlaneSettings): DataPlane {
  const app = Fastify({
    bodyLimit: settings.maxBodyBytes,
    logger: false,
    exposeHeadRoutes: false,
    requestTimeout: SLOWEST_UPLOAD_MS,
    // In-flight requests are finished, and new ones get `draining` in the envelope instead of fastify's own 503.
    return503OnClosing: false,
    frameworkErrors: (error, _request, reply) => refuseHttp(error, settings.maxBodyBytes, reply),
    clientErrorHandler: refuseMalformed,
  })
  // Whatever a client calls its body, its bytes are kept as they are.
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', { parseAs: 'buffer' }, ({ headers }, body: Buffer, done) => {
    const { 'content-encoding': encoding } = headers
    if (encoding === undefined) done(null, body)
    else unpackInto(body, encoding, headers, settings.maxBodyBytes).then((plain) => done(null, plain), done)
  })
  app.setErrorHandler((error: FastifyError | Refusal, _request, reply) =>
    refuseHttp(error, settings.maxBodyBytes, reply),
  )
  app.addHook('onRequest', (request, reply, done) => {
    const failure = isLarge(request) ? refusalOf(ports, request) : undefined
    if (failure === undefined) done()
    else send(reply.header('connection', 'close'), failure)
  })
  app.setNotFoundHandler((request, reply) => {
    send(reply, { code: 'unknown_url', method: request.method, path: request.url.slice(0, 200) })
  })

  serveOrigins(app, settings.corsOrigins)

  let living = 0
  let nobodyLeft = () => {}
  const serve = (life: Life) => {
    return (request: FastifyRequest, reply: FastifyReply) => {
      const body = Buffer.isBuffer(request.body) ? request.body : EMPTY
      reply.hijack()
      living += 1
      const exchange = new HttpExchange(request.raw, reply.raw, body, ports.clock.elapsed())
      void life(ports, exchange, request.raw)
        .catch((err: unknown) => {
          // Lives never reject; should one do so, it must not take everybody else's with it.
          ports.log.error({ err }, 'a request broke out of its life')
          reply.raw.destroy()
        })
        .then(() => {
          living -= 1
          if (living === 0) nobodyLeft()
          if (ports.draining()) hangUp(request, reply)
        })
    }
  }
  for (const prefix of PREFIXES) {
    for (const dialect of [chatDialect, responsesDialect, compactDialect]) {
      app.post(
        prefix + dialect.path,
        serve((own, exchange) => handle(own, exchange, dialect)),
      )
    }
    app.get(`${prefix}/models`, serve(listModels))
    app.get(`${prefix}/models/*`, serve(listModels))
  }
  // Everything else goes through as it is, its body unread.
  app.register(async (rest) => {
    rest.removeAllContentTypeParsers()
    rest.addContentTypeParser('*', (_request, _body, done) => done(null))
    const life: Life = (own, exchange, raw) => forward(own, exchange, new HttpUpload(raw, settings))
    rest.route({ method: METHODS, url: '/*', handler: serve(life) })
  })
  return {
    app,
    inFlight: () => living,
    async ended() {
      if (living === 0) return
      await new Promise<void>((resolve) => {
        nobodyLeft = resolve
      })
    },
  }
}

const EMPTY = Buffer.alloc(0)

/** A request from its arrival to its row; the last is for those whose body is still with the client. */
type Life = (ports: Ports, exchange: HttpExchange, request: IncomingMessage) => Promise<void>

/** As `readUrl` takes them off. */
const PREFIXES = ['/v1', '', '/openai/v1', '/openai', '/openai/deployments/:deployment']

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE']

/** A packed body is read, and sent on, as what it says. */
async function unpackInto(
  body: Buffer,
  encoding: string,
  headers: FastifyRequest['headers'],
  mostBytes: number,
): Promise<Buffer> {
  const plain = await unpack(body, encoding, mostBytes)
  delete headers['content-encoding']
  return plain
}

/** A whole request must have arrived by then: a file of 512 MB in ten minutes is 7 Mbit/s. */
const SLOWEST_UPLOAD_MS = 600_000

/** Larger bodies are read for a known key only, or anybody could fill the memory. */
const FREE_BYTES = 65_536

/** By what it says, or by what it may grow to. */
function isLarge({ headers }: FastifyRequest): boolean {
  const isUnsaid = headers['transfer-encoding'] !== undefined || headers['content-encoding'] !== undefined
  return isUnsaid || Number(headers['content-length'] ?? 0) > FREE_BYTES
}

function refusalOf(ports: Ports, { headers }: FastifyRequest): Failure | undefined {
  try {
    identify(ports.live().runtime, headers, ports.clock.now())
    return undefined
  } catch (thrown) {
    return failureOf(thrown)
  }
}

/** A client keeps its connection for its next request; a program that is going down would wait for it to let go. */
function hangUp({ raw: { socket } }: FastifyRequest, { raw: response }: FastifyReply): void {
  if (response.writableFinished) socket.destroySoon()
  else response.once('finish', () => socket.destroySoon())
}

/** Fastify's own complaints, in the envelope. */
function refuseHttp(error: FastifyError | Refusal, limitBytes: number, reply: FastifyReply): void {
  if (error instanceof Refusal) send(reply, error.failure)
  else if (error.code === 'FST_ERR_CTP_BODY_TOO_LARGE') send(reply, { code: 'body_too_large', limitBytes })
  else if (error.statusCode !== undefined && error.statusCode < 500) {
    send(reply, { code: 'invalid_request', detail: error.message, param: null })
  } else send(reply, { code: 'internal_error' })
}

function send(reply: FastifyReply, failure: Failure): void {
  const { status, headers, error } = answerTo(failure)
  for (let index = 0; index < headers.length; index += 2) {
    void reply.header(headers[index] ?? '', headers[index + 1] ?? '')
  }
  void reply
    .code(status)
    .header('content-type', 'application/json; charset=utf-8')
    .header('x-request-id', requestId(Date.now()))
    .send(JSON.stringify({ error }, null, 2))
}

const STATUS_LINES: Readonly<Record<string, string>> = {
  HPE_HEADER_OVERFLOW: '431 Request Header Fields Too Large',
  ERR_HTTP_REQUEST_TIMEOUT: '408 Request Timeout',
}

/** Bytes that are no HTTP at all: there is no request to answer, only a connection to close politely. */
function refuseMalformed(error: Error & { code?: string }, socket: Socket): void {
  // Once something was answered on a connection, an answer of our own might land in the middle of it.
  if (error.code === 'ECONNRESET' || !socket.writable || socket.bytesWritten > 0) {
    socket.destroy()
    return
  }
  const detail = `the bytes are no HTTP request (${error.code ?? error.message})`
  const failure = answerTo({ code: 'invalid_request', detail, param: null })
  const body = JSON.stringify({ error: failure.error }, null, 2)
  const head = [
    `HTTP/1.1 ${STATUS_LINES[error.code ?? ''] ?? '400 Bad Request'}`,
    'content-type: application/json; charset=utf-8',
    `content-length: ${Buffer.byteLength(body)}`,
    `x-request-id: ${requestId(Date.now())}`,
    'connection: close',
  ]
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`)
}
