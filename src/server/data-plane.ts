import type { IncomingMessage } from 'node:http'
import type { Socket } from 'node:net'
import Fastify, {
  type FastifyError,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
} from 'fastify'
import { type Failure, failureOf, type Refusal } from '../base/failure.ts'
import { SLOW_CLIENTS } from '../base/slow-clients.ts'
import { identify } from '../flow/admit.ts'
import { chatDialect } from '../flow/dialect/chat.ts'
import { compactDialect } from '../flow/dialect/compact.ts'
import { responsesDialect } from '../flow/dialect/responses.ts'
import { forward } from '../flow/forward.ts'
import { handle } from '../flow/handle.ts'
import { listModels } from '../flow/list-models.ts'
import type { Ports } from '../flow/ports.ts'
import { serveOrigins } from './cors.ts'
import { HttpExchange } from './http-exchange.ts'
import { refuseHttp, refuseMalformed, send } from './http-refusal.ts'
import { type BodyLimits, HttpUpload } from './http-upload.ts'
import type { Rotation } from './rotation.ts'
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
export function createDataPlane(ports: Ports, settings: DataPlaneSettings, rotation: Rotation): DataPlane {
  const app = Fastify({
    bodyLimit: settings.maxBodyBytes,
    logger: false,
    exposeHeadRoutes: false,
    requestTimeout: SLOWEST_UPLOAD_MS,
    http: SLOW_CLIENTS,
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
    // Of HTTP/1.0, which has no such word, it is passed over; every other expectation Node has refused by now.
    const waits = request.headers.expect !== undefined && request.raw.httpVersion === '1.1'
    const failure = isWebSocket(request)
      ? NO_WEBSOCKET
      : waits || isLarge(request)
        ? refusalOf(ports, request)
        : undefined
    if (failure !== undefined) {
      ports.observer.turnedAway(failure.code)
      send(reply.header('connection', 'close'), failure)
      return
    }
    if (waits) reply.raw.writeContinue()
    done()
  })
  // Node would ask for the body of whoever waits for a word before sending it; here his key is looked at first.
  app.server.on('checkContinue', (request, response) => app.server.emit('request', request, response))
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
      if (rotation.isLeft) reply.raw.shouldKeepAlive = false
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
    for (const path of ['/models', '/models/*']) {
      app.route({ method: ['GET', 'HEAD'], url: prefix + path, handler: serve(listModels) })
    }
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

/** Others that ask for an upgrade (`h2c`, for one) do well without. */
function isWebSocket({ headers: { upgrade } }: FastifyRequest): boolean {
  return upgrade !== undefined && upgrade.toLowerCase() === 'websocket'
}

const NO_WEBSOCKET: Failure = {
  code: 'invalid_request',
  detail: 'this proxy speaks no WebSocket; send POST /v1/responses, with "stream": true for its events',
  param: null,
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
function hangUp({ raw: request }: FastifyRequest, { raw: response }: FastifyReply): void {
  // Node's types leave out that a connection which broke is taken from its request.
  const socket: Socket | null = request.socket
  if (response.writableFinished) socket?.destroySoon()
  else response.once('finish', () => socket?.destroySoon())
}
