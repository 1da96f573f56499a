import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import Fastify, {
  type FastifyError,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
} from 'fastify'
import type { Failure, Refusal } from '../base/failure.ts'
import { SLOW_CLIENTS } from '../base/slow-clients.ts'
import { chatDialect } from '../flow/dialect/chat.ts'
import { compactDialect } from '../flow/dialect/compact.ts'
import { responsesDialect } from '../flow/dialect/responses.ts'
import { forward } from '../flow/forward.ts'
import { handle } from '../flow/handle.ts'
import { listModels } from '../flow/list-models.ts'
import type { Ports } from '../flow/ports.ts'
import { serveOrigins } from './cors.ts'
import { expectationOf } from './expectation.ts'
import { HttpExchange } from './http-exchange.ts'
import { refuseHttp, refuseMalformed, send } from './http-refusal.ts'
import { type BodyLimits, HttpUpload } from './http-upload.ts'
import { LateBodies } from './late-bodies.ts'
import type { Rotation } from './rotation.ts'
import { turnAway, whyUnknown } from './turn-away.ts'
import { unpack } from './unpack.ts'

/** The server clients talk to, separate from listening. */
export interface DataPlane {
  readonly app: FastifyInstance
  /** Requests that have arrived and whose rows are not closed yet. */
  inFlight(): number
  /** Resolves when every request that has arrived is over and has its row in the ledger. */
  ended(): Promise<void>
}

export interface DataPlaneSettings extends BodyLimits {
  /** Origins whose pages may call from a browser; none if empty. */
  readonly corsOrigins: readonly string[]
}

/** Serves `/v1/…`, the same paths without `/v1`, and the paths of Azure clients. */
export function createDataPlane(ports: Ports, settings: DataPlaneSettings, rotation: Rotation): DataPlane {
  const app = Fastify({
    bodyLimit: settings.maxBodyBytes,
    logger: false,
    exposeHeadRoutes: false,
    requestTimeout: SLOWEST_UPLOAD_MS,
    http: { ...SLOW_CLIENTS, requireHostHeader: false },
    // In-flight requests finish, and new ones get `draining` in the envelope instead of fastify's own 503.
    return503OnClosing: false,
    frameworkErrors: (error, _request, reply) => refuseHttp(error, settings.maxBodyBytes, reply),
    clientErrorHandler: refuseMalformed,
  })
  // Whatever content type the client declares, the bytes are kept as they are.
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', { parseAs: 'buffer' }, ({ headers }, body: Buffer, done) => {
    const { 'content-encoding': encoding } = headers
    if (encoding === undefined) done(null, body)
    else unpackInto(body, encoding, headers, settings.maxBodyBytes).then((plain) => done(null, plain), done)
  })
  app.setErrorHandler((error: FastifyError | Refusal, _request, reply) =>
    refuseHttp(error, settings.maxBodyBytes, reply),
  )
  const dismiss = (reply: FastifyReply, failure: Failure) => {
    ports.observer.turnedAway(failure.code)
    send(reply.header('connection', 'close'), failure)
  }
  const lateBodies = new LateBodies((reply) => {
    const failure = whyUnknown(ports, reply.request)
    if (failure !== undefined) dismiss(reply, failure)
  })
  app.addHook('onRequest', (request, reply, done) => {
    const isRead = !isForwarded(request)
    const failure = turnAway(ports, request, isRead ? settings.maxBodyBytes : undefined)
    if (failure !== undefined) {
      dismiss(reply, failure)
      return
    }
    if (isRead) lateBodies.watch(reply)
    const expectation = expectationOf(request.raw)
    // This client may never be told to continue. Whether its body follows is then unknown, so do not reuse
    // the connection.
    if (expectation !== undefined && !isRead) reply.raw.shouldKeepAlive = false
    else if (expectation !== undefined) reply.raw.writeContinue()
    done()
  })
  // Node itself would send `100 Continue`, and refuse every other expectation in its own words. Here the key
  // is checked first.
  for (const event of ['checkContinue', 'checkExpectation']) {
    app.server.on(event, (request, response) => app.server.emit('request', request, response))
  }
  app.setNotFoundHandler((request, reply) => {
    dismiss(reply, { code: 'unknown_url', method: request.method, path: request.url.slice(0, 200) })
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
      void life(ports, exchange, request.raw, reply.raw)
        .catch((err: unknown) => {
          // Lives never reject. Should one do so anyway, it must not take all others down.
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
      const life = serve((own, exchange) => handle(own, exchange, dialect))
      for (const end of ENDS) app.post(prefix + dialect.path + end, life)
    }
    for (const path of ['/models', '/models/*']) {
      app.route({ method: ['GET', 'HEAD'], url: prefix + path, handler: serve(listModels) })
    }
  }
  // Everything else is forwarded unchanged, with its body still unread.
  app.register(async (rest) => {
    rest.removeAllContentTypeParsers()
    rest.addContentTypeParser('*', (_request, _body, done) => done(null))
    const life: Life = (own, exchange, request, response) =>
      forward(own, exchange, new HttpUpload(request, response, settings))
    rest.route({ method: METHODS, url: FORWARDED, handler: serve(life) })
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

/** A request from arrival to its row. The last two parameters are for bodies still with the client. */
type Life = (
  ports: Ports,
  exchange: HttpExchange,
  request: IncomingMessage,
  response: ServerResponse,
) => Promise<void>

/** The prefixes `readUrl` strips. */
const PREFIXES = ['/v1', '', '/openai/v1', '/openai', '/openai/deployments/:deployment']

/** Some clients append a slash to every path. */
const ENDS = ['', '/']

/** Matches whatever has no route of its own. */
const FORWARDED = '/*'

/** Such a body is requested from the client where it is read, if at all. */
function isForwarded({ routeOptions, method }: FastifyRequest): boolean {
  return routeOptions.url === FORWARDED && method !== 'OPTIONS'
}

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE']

/** Decompresses a body, which is then read and forwarded uncompressed. */
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

/** Deadline for receiving a whole request: 512 MB in ten minutes is 7 Mbit/s. */
const SLOWEST_UPLOAD_MS = 600_000

/** A keep-alive connection would hold up shutdown until its client lets go. */
function hangUp({ raw: request }: FastifyRequest, { raw: response }: FastifyReply): void {
  // Missing from Node's types: the socket is null once the connection has broken.
  const socket: Socket | null = request.socket
  if (response.writableFinished) socket?.destroySoon()
  else response.once('finish', () => socket?.destroySoon())
}
