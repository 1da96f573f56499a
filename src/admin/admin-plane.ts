import Fastify, { type FastifyError, type FastifyInstance } from 'fastify'
import { type AlertVitals, addAlertMetrics } from './alert-metrics.ts'
import type { CredentialParts } from './api/credential.ts'
import { Gate } from './api/gate.ts'
import { registerEndpoints } from './api/register.ts'
import { type ApiParts, endpointTable } from './api/table.ts'
import { createMetrics, type Vitals } from './metrics.ts'
import { type RaiseParts, raiseApi } from './raise-api.ts'
import { refuse, refuseHttp } from './refusal.ts'
import { requireToken } from './token.ts'

/** Whether the program can do its work, part by part. */
export interface Readiness {
  readonly ready: boolean
  readonly checks: Readonly<Record<string, string>>
}

/** What the admin plane may look at. */
export interface AdminParts
  extends CredentialParts,
    Omit<ApiParts, 'gate'>,
    Pick<RaiseParts, 'raises'>,
    AlertVitals {
  readiness(): Readiness
  vitals(): Vitals
  /** Hears of what nobody foresaw. */
  report(error: unknown): void
}

/** What operators and their probes talk to. Built apart from listening. */
export function createAdminPlane(parts: AdminParts): FastifyInstance {
  const app = Fastify({
    logger: false,
    frameworkErrors: (error, _request, reply) => refuseHttp(error, reply),
  })
  app.setErrorHandler((error: FastifyError, _request, reply) => refuseHttp(error, reply))
  app.setNotFoundHandler(({ method, url }, reply) =>
    refuse(
      reply,
      404,
      'unknown_url',
      `Invalid URL (${method} ${url.slice(0, 200)}): nothing is served there.`,
    ),
  )
  const metrics = createMetrics(() => parts.vitals())
  addAlertMetrics(metrics, parts)
  // Alive: the event loop turns. That says nothing about stores or upstreams.
  app.get('/healthz', () => ({ status: 'ok' }))
  app.get('/readyz', (_request, reply) => {
    const { ready, checks } = parts.readiness()
    return reply.code(ready ? 200 : 503).send({ status: ready ? 'ready' : 'not ready', checks })
  })
  app.get('/metrics', async (_request, reply) =>
    reply.type(metrics.contentType).send(await metrics.metrics()),
  )
  const gate = new Gate(parts)
  app.register(async (api) =>
    registerEndpoints(api, endpointTable({ ...parts, gate }), { gate, report: parts.report }),
  )
  app.register(async (guarded) => {
    guarded.addHook('onRequest', requireToken(parts.token()))
    guarded.register(raiseApi, {
      raises: parts.raises,
      now: parts.now,
      hasBudget: (id) => parts.balances().some(({ budget }) => budget.id === id),
    })
  })
  return app
}
