import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { methodsOf } from '../flow/raw/operation.ts'
import { readUrl } from './request-url.ts'

/** How long a browser may remember what it was told, in seconds. */
const REMEMBERED_S = 600

/**
 * Answers OPTIONS, and lets pages of these origins call from a browser; `*` is any page. Without them nothing says so,
 * and browsers refuse by themselves: a key that a page has is a key that everybody has.
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
      // On the bare response: most answers never pass through fastify's own.
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
