import { createHash, timingSafeEqual } from 'node:crypto'
import Fastify, { type FastifyError, type FastifyInstance, type FastifyReply } from 'fastify'
import { toUsd } from '../base/money.ts'
import type { Balance } from '../budget/ledger.ts'
import { createMetrics, type Vitals } from './metrics.ts'

/** Whether the program can do its work, part by part. */
export interface Readiness {
  readonly ready: boolean
  readonly checks: Readonly<Record<string, string>>
}

/** What the admin plane may look at. */
export interface AdminParts {
  /** Who shows it may see money. */
  readonly token: string
  readiness(): Readiness
  vitals(): Vitals
  /** Where every budget stands now. */
  balances(): readonly Balance[]
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
  // Alive: the event loop turns. That says nothing about stores or upstreams.
  app.get('/healthz', () => ({ status: 'ok' }))
  app.get('/readyz', (_request, reply) => {
    const { ready, checks } = parts.readiness()
    return reply.code(ready ? 200 : 503).send({ status: ready ? 'ready' : 'not ready', checks })
  })
  app.get('/metrics', async (_request, reply) =>
    reply.type(metrics.contentType).send(await metrics.metrics()),
  )
  app.get('/api/budgets', (request, reply) => {
    if (!isHolder(request.headers.authorization, parts.token)) {
      const message = 'Send the admin token as "Authorization: Bearer TOKEN".'
      return refuse(reply.header('www-authenticate', 'Bearer'), 401, 'invalid_api_key', message)
    }
    return { budgets: parts.balances().map(shown) }
  })
  return app
}

function shown({ budget, spent, held, resetsAt }: Balance): object {
  return {
    id: budget.id,
    team: budget.team,
    key: budget.key ?? null,
    per: budget.per,
    limit_usd: toUsd(budget.limit),
    spent_usd: toUsd(spent),
    held_usd: toUsd(held),
    resets_at: resetsAt === null ? null : new Date(resetsAt).toISOString(),
  }
}

/** Fastify's own complaints, and what nobody foresaw: the message of that is for no one outside. */
function refuseHttp({ statusCode = 500, message }: FastifyError, reply: FastifyReply): void {
  if (statusCode < 500) refuse(reply, statusCode, 'invalid_request', message)
  else refuse(reply, 500, 'internal_error', 'The admin plane failed for a reason nobody foresaw.')
}

/** The envelope of the data plane, so that one reader of errors reads both. */
function refuse(reply: FastifyReply, status: number, code: string, message: string): FastifyReply {
  const type = status < 500 ? 'invalid_request_error' : 'server_error'
  return reply.code(status).send({ error: { message, type, param: null, code } })
}

/** Compares hashes, so that neither the token's length nor its beginning can be found out by timing. */
function isHolder(authorization: string | undefined, token: string): boolean {
  const hash = (text: string) => createHash('sha256').update(text).digest()
  return timingSafeEqual(hash(authorization ?? ''), hash(`Bearer ${token}`))
}
