import Fastify, { type FastifyError, type FastifyInstance, type FastifyRequest } from 'fastify'
import { SLOW_CLIENTS } from '../base/slow-clients.ts'
import { Gate, type GateParts } from './api/gate.ts'
import { registerEndpoints } from './api/register.ts'
import { type ApiParts, endpointTable } from './api/table.ts'
import type { MetricsParts } from './metrics/metrics.ts'
import { serveMetrics } from './metrics/route.ts'
import { sendPage, servePage } from './page.ts'
import type { Readiness } from './readiness.ts'
import { refuse, refuseHttp } from './refusal.ts'
import { secureAnswers } from './security-headers.ts'

/** Time limit for receiving a whole request; the largest is a rules file. */
const SLOWEST_REQUEST_MS = 30_000

/** What the admin plane has access to. */
export interface AdminParts extends GateParts, Omit<ApiParts, 'gate'>, MetricsParts {
  /** Folder of the built console. */
  readonly page: string
  readiness(): Readiness
  /** Called with unexpected errors. */
  report(error: unknown): void
}

/** The server for operators and their probes. Does not listen yet. */
export function createAdminPlane(parts: AdminParts): FastifyInstance {
  const app = Fastify({
    logger: false,
    requestTimeout: SLOWEST_REQUEST_MS,
    http: SLOW_CLIENTS,
    frameworkErrors: (error, _request, reply) => refuseHttp(error, reply),
  })
  app.setErrorHandler((error: FastifyError, _request, reply) => refuseHttp(error, reply))
  secureAnswers(app)
  app.setNotFoundHandler((request, reply) => {
    if (isPlaceInConsole(request)) return sendPage(reply, parts.page)
    const { method, url } = request
    const message = `Invalid URL (${method} ${url.slice(0, 200)}): nothing is served here.`
    return refuse(reply, 404, 'unknown_url', message)
  })
  // Liveness: the event loop turns. Says nothing about stores or upstreams.
  app.get('/healthz', () => ({ status: 'ok' }))
  app.get('/readyz', (_request, reply) => {
    const { ready, checks } = parts.readiness()
    return reply.code(ready ? 200 : 503).send({ status: ready ? 'ready' : 'not ready', checks })
  })
  const gate = new Gate(parts)
  serveMetrics(app, gate, parts)
  app.register(async (api) =>
    registerEndpoints(api, endpointTable({ ...parts, gate }), { gate, report: parts.report }),
  )
  servePage(app, parts.page)
  return app
}

/** Client-side routes: a browser that opens one of them gets the page. */
function isPlaceInConsole({ method, url, headers }: FastifyRequest): boolean {
  return method === 'GET' && !url.startsWith('/api') && headers.accept?.includes('text/html') === true
}
