import Fastify, { type FastifyInstance } from 'fastify'

/** Whether the program can do its work, part by part. */
export interface Readiness {
  readonly ready: boolean
  readonly checks: Readonly<Record<string, string>>
}

/** What operators and their probes talk to. Built apart from listening. */
export function createAdminPlane(readiness: () => Readiness): FastifyInstance {
  const app = Fastify({ logger: false })
  // Alive: the event loop turns. That says nothing about stores or upstreams.
  app.get('/healthz', () => ({ status: 'ok' }))
  app.get('/readyz', (_request, reply) => {
    const { ready, checks } = readiness()
    return reply.code(ready ? 200 : 503).send({ status: ready ? 'ready' : 'not ready', checks })
  })
  return app
}
