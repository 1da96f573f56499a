import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { methodsOf } from '../flow/forward/operation.ts'
import { readUrl } from './request-url.ts'

/** How long a browser may cache a preflight answer, in seconds. */
const REMEMBERED_S = 600

/**
 * Answers OPTIONS, and lets pages of these origins call from a browser; `*` allows any page. Without origins
 * no CORS headers are sent, and browsers refuse by themselves: a key in a web page is public.
 */
export function serveOrigins(app: FastifyInstance, origins: readonly string[]): void {
  app.options('/*', (request, reply) => {
    if (isAllowed(request, origins)) tellBrowser(request, reply)
    return reply.code(204).header('allow', allowed(request)).send()
  })
  if (origins.length === 0) return
  app.addHook('onRequest', (request, reply, done) => {
    const { origin } = request.headers
    if (origin !== undefined && isAllowed(request, origins)) {
      // Set on the raw response: most answers bypass fastify's reply.
      reply.raw.setHeader('access-control-allow-origin', origin)
      reply.raw.setHeader('access-control-expose-headers', '*')
      reply.raw.setHeader('vary', 'origin')
    }
    done()
  })
}

function isAllowed({ headers: { origin } }: FastifyRequest, origins: readonly string[]): boolean {
  return origin !== undefined && (origins.includes('*') || origins.includes(origin))
}

function tellBrowser(request: FastifyRequest, reply: FastifyReply): void {
  const { 'access-control-request-headers': wanted } = request.headers
  void reply.header('access-control-allow-methods', allowed(request))
  if (wanted !== undefined) void reply.header('access-control-allow-headers', wanted)
  void reply.header('access-control-max-age', String(REMEMBERED_S))
}

function allowed({ url }: FastifyRequest): string {
  return [...methodsOf(readUrl(url).path), 'OPTIONS'].join(', ')
}
