import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import Fastify, {
  type FastifyError,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
} from 'fastify'
import type { Refusal } from '../base/failure.ts'
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
import type { Rotation } from './rotation.ts'
import { turnAway } from './turn-away.ts'
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
    const failure = turnAway(ports, request, isForwarded(request) ? undefined : settings.maxBodyBytes)
    if (failure !== undefined) {
      ports.observer.turnedAway(failure.code)
      send(reply.header('connection', 'close'), failure)
      return
    }
    const expectation = expectationOf(request.raw)
    // Who may never be told to go on sends no body: what comes next on his connection is anybody's guess.
    if (expectation !== undefined && isForwarded(request)) reply.raw.shouldKeepAlive = false
    else if (expectation !== undefined) reply.raw.writeContinue()
    done()
  })
  // Node would ask for the body of whoever waits for a word before sending it, and refuse every other expectation in words of
  // its own; here his key is looked at first.
  for (const event of ['checkContinue', 'checkExpectation']) {
    app.server.on(event, (request, response) => app.server.emit('request', request, response))
  }
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
      void life(ports, exchange, request.raw, reply.raw)
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
      const life = serve((own, exchange) => handle(own, exchange, dialect))
      for (const end of ENDS) app.post(prefix + dialect.path + end, life)
    }
    for (const path of ['/models', '/models/*']) {
      app.route({ method: ['GET', 'HEAD'], url: prefix + path, handler: serve(listModels) })
    }
  }
  // Everything else goes through as it is, its body unread.
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

/** A request from its arrival to its row; the last two are for those whose body is still with the client. */
type Life = (
  ports: Ports,
  exchange: HttpExchange,
  request: IncomingMessage,
  response: ServerResponse,
) => Promise<void>

/** As `readUrl` takes them off. */
const PREFIXES = ['/v1', '', '/openai/v1', '/openai', '/openai/deployments/:deployment']

/** Some clients put a slash behind every path. */
const ENDS = ['', '/']

/** Whatever has no route of its own. */
const FORWARDED = '/*'

/** Its body is asked for where it is read, if it is. */
function isForwarded({ routeOptions }: FastifyRequest): boolean {
  return routeOptions.url === FORWARDED
}

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

/** A client keeps its connection for its next request; a program that is going down would wait for it to let go. */
function hangUp({ raw: request }: FastifyRequest, { raw: response }: FastifyReply): void {
  // Node's types leave out that a connection which broke is taken from its request.
  const socket: Socket | null = request.socket
  if (response.writableFinished) socket?.destroySoon()
  else response.once('finish', () => socket?.destroySoon())
}
