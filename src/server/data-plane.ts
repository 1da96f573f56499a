import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { chatDialect } from '../flow/dialect/chat.ts'
import { compactDialect } from '../flow/dialect/compact.ts'
import { responsesDialect } from '../flow/dialect/responses.ts'
import { forward } from '../flow/forward.ts'
import { handle } from '../flow/handle.ts'
import { listModels } from '../flow/list-models.ts'
import type { Ports } from '../flow/ports.ts'
import { createApp } from './app.ts'
import { serveOrigins } from './cors.ts'
import { guard } from './gate.ts'
import { HttpExchange } from './http-exchange.ts'
import { type BodyLimits, HttpUpload } from './http-upload.ts'
import { InFlight } from './in-flight.ts'
import { linger } from './linger.ts'
import type { Rotation } from './rotation.ts'

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
  const app = createApp(settings.maxBodyBytes)
  // Before the gate: a browser shows its page only refusals that carry these headers.
  serveOrigins(app, settings.corsOrigins)
  guard(app, ports, settings.maxBodyBytes, (request) => !isForwarded(request))
  const inFlight = new InFlight()
  const serve = (life: Life) => (request: FastifyRequest, reply: FastifyReply) => {
    const body = Buffer.isBuffer(request.body) ? request.body : EMPTY
    reply.hijack()
    if (rotation.isLeft) reply.raw.shouldKeepAlive = false
    inFlight.begin()
    const exchange = new HttpExchange(request.raw, reply.raw, body, ports.clock.elapsed())
    void life(ports, exchange, request.raw, reply.raw)
      .catch((err: unknown) => {
        // Lives never reject. Should one do so anyway, it must not take all others down.
        ports.log.error({ err }, 'a request failed outside its handler')
        reply.raw.destroy()
      })
      .then(() => {
        inFlight.end()
        if (ports.draining()) hangUp(request, reply)
      })
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
    const life: Life = (own, exchange, request, response) => {
      const upload = new HttpUpload(request, response, settings)
      if (upload.length !== 0) linger(response)
      return forward(own, exchange, upload)
    }
    rest.route({ method: METHODS, url: FORWARDED, handler: serve(life) })
  })
  return { app, inFlight: () => inFlight.count, ended: () => inFlight.ended() }
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

/** A keep-alive connection would hold up shutdown until its client lets go. */
function hangUp({ raw: request }: FastifyRequest, { raw: response }: FastifyReply): void {
  // Missing from Node's types: the socket is null once the connection has broken.
  const socket: Socket | null = request.socket
  if (response.writableFinished) socket?.destroySoon()
  else response.once('finish', () => socket?.destroySoon())
}
