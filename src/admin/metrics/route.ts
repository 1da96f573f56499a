import type { FastifyInstance } from 'fastify'
import type { Gate } from '../api/gate.ts'
import { Refused } from '../api/refused.ts'
import { refuseWith } from '../api/register.ts'
import { CONTENT_TYPE } from './exposition.ts'
import { familiesOf, type MetricsParts, scrape } from './metrics.ts'

/**
 * `GET /metrics`: the program's health for everyone, and what teams use and spend for callers with a viewer's
 * token. A wrong token is refused, so that a scraper that has lost its rights is noticed.
 */
export function serveMetrics(app: FastifyInstance, gate: Gate, parts: MetricsParts): void {
  const families = familiesOf(parts)
  app.get('/metrics', async (request, reply) => {
    const hasToken = request.headers.authorization !== undefined
    try {
      if (hasToken) await gate.admit(request, { method: 'GET', role: 'viewer' })
    } catch (error) {
      if (error instanceof Refused) return refuseWith(error, reply)
      throw error
    }
    return reply
      .header('cache-control', 'no-store')
      .type(CONTENT_TYPE)
      .send(await scrape(families, hasToken))
  })
}
