import type { Readable } from 'node:stream'
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { refuse, refuseHttp } from '../refusal.ts'
import { type Endpoint, Streamed } from './endpoint.ts'
import type { Admitted, Gate } from './gate.ts'
import { Refused } from './refused.ts'
import type { Session } from './session.ts'

export interface RegisterParts {
  readonly gate: Gate
  /** Called with unexpected errors, of which the caller learns nothing. */
  report(error: unknown): void
}

/**
 * Registers endpoints on a server: authorisation, request parsing and error responses. No other code does
 * this.
 */
export function registerEndpoints(
  app: FastifyInstance,
  endpoints: readonly Endpoint[],
  { gate, report }: RegisterParts,
): void {
  app.setErrorHandler((error: FastifyError | Refused, _request, reply) => {
    if (error instanceof Refused) return refuseWith(error, reply)
    if ((error.statusCode ?? 500) >= 500) report(error)
    return refuseHttp(error, reply)
  })
  for (const endpoint of endpoints) {
    const admitted = new WeakMap<FastifyRequest, Admitted>()
    app.route({
      method: endpoint.method,
      url: endpoint.path,
      // Before the body is read: callers without access should not make us receive it.
      onRequest: async (request) => {
        admitted.set(request, await gate.admit(request, endpoint))
      },
      handler: async (request, reply) => {
        const { caller, session } = admitted.get(request) ?? (await gate.admit(request, endpoint))
        const answer = await endpoint.respond({
          params: request.params,
          query: request.query,
          body: request.body,
          caller,
          session,
          address: request.ip,
          header: (name) => textOf(request.headers[name]),
          respondWith: (name, value) => void reply.header(name, value),
        })
        reply.code(endpoint.status).header('cache-control', 'no-store')
        if (!(answer instanceof Streamed)) return reply.send(answer)
        if (session !== undefined) endWith(answer.body, session, endpoint, gate)
        return reply.type(answer.type).send(answer.body)
      },
    })
  }
}

/** Interval between checks that the reader of a stream is still signed in. Milliseconds. */
const POLL_MS = 2_000

/**
 * A stream opened with a session ends with it: at once if this process ends the session, otherwise soon
 * after. While the store does not answer, the stream continues.
 */
function endWith(body: Readable, session: Session, { role }: Endpoint, gate: Gate): void {
  const unfollow = gate.signedOut.whenEnded(session, () => body.destroy())
  const timer = setInterval(async () => {
    if (!(await gate.isStillMeant(session, role).catch(() => true))) body.destroy()
  }, POLL_MS)
  timer.unref()
  body.once('close', () => {
    unfollow()
    clearInterval(timer)
  })
}

/** Sends a refusal in the error envelope. Never cached: the next request may be allowed. */
export function refuseWith({ status, code, message, metadata }: Refused, reply: FastifyReply): FastifyReply {
  if (status === 401) reply.header('www-authenticate', 'Bearer')
  const wait = metadata?.retry_after_seconds
  if (wait !== undefined) reply.header('retry-after', String(wait))
  return refuse(reply.header('cache-control', 'no-store'), status, code, message, metadata)
}

function textOf(field: string | string[] | undefined): string | undefined {
  return Array.isArray(field) ? field.join(', ') : field
}
