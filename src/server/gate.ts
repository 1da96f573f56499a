import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Failure } from '../base/failure.ts'
import type { Ports } from '../flow/ports.ts'
import { expectationOf } from './expectation.ts'
import { send } from './http-refusal.ts'
import { LateBodies } from './late-bodies.ts'
import { closeAfter, isClosing } from './linger.ts'
import { turnAway, whyUnknown } from './turn-away.ts'

/**
 * Refuses from the head of a request whatever cannot succeed, before its body is read, and closes the
 * connection. `isRead` tells whether the server reads the body before the request's route is called.
 */
export function guard(
  app: FastifyInstance,
  ports: Ports,
  maxBodyBytes: number,
  isRead: (request: FastifyRequest) => boolean,
): void {
  const dismiss = (reply: FastifyReply, failure: Failure) => {
    ports.observer.turnedAway(failure.code)
    closeAfter(reply)
    send(reply, failure)
  }
  const lateBodies = new LateBodies((reply) => {
    const failure = whyUnknown(ports, reply.request)
    if (failure !== undefined) dismiss(reply, failure)
  })
  app.addHook('onRequest', (request, reply, done) => {
    // Its client is being told that the connection ends, and would never get an answer that was paid for.
    if (isClosing(request.raw.socket)) {
      reply.hijack()
      request.raw.resume()
      return
    }
    const reads = isRead(request)
    const failure = turnAway(ports, request, reads ? maxBodyBytes : undefined)
    if (failure !== undefined) {
      dismiss(reply, failure)
      return
    }
    if (reads) lateBodies.watch(reply)
    const expectation = expectationOf(request.raw)
    // This client may never be told to continue. Whether its body follows is then unknown, so do not reuse
    // the connection.
    if (expectation !== undefined && !reads) reply.raw.shouldKeepAlive = false
    else if (expectation !== undefined) reply.raw.writeContinue()
    done()
  })
  app.setNotFoundHandler((request, reply) => {
    dismiss(reply, { code: 'unknown_url', method: request.method, path: request.url.slice(0, 200) })
  })
}
