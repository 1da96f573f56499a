import type { ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import type { FastifyReply } from 'fastify'

/** How long to read on: several round trips. */
const LINGER_MS = 1_000

/** Connections whose last response is under way. */
const closing = new WeakSet<Socket>()

/** Has the connection closed after this response, also if its request's body is still arriving. */
export function closeAfter(reply: FastifyReply): void {
  const { raw: request } = reply.request
  // Missing from Node's types: the socket is null once the connection has broken.
  const socket: Socket | null = request.socket
  if (socket !== null) closing.add(socket)
  if (!request.complete) linger(reply.raw)
  void reply.header('connection', 'close')
}

/** Whether what arrives on this connection now is too late to be processed (RFC 9112 section 9.6). */
export function isClosing(socket: Socket): boolean {
  return closing.has(socket)
}

/**
 * If the connection is closed after this response, has that done in two steps, for a request whose body is still
 * arriving. Closed at once, the kernel would answer that body with a reset, and the client might lose the response
 * (RFC 9112 section 9.6).
 */
export function linger({ socket }: ServerResponse): void {
  if (socket === null) return
  // Node calls this once the last response has been written.
  socket.destroySoon = () => {
    socket.end()
    const timer = setTimeout(() => socket.destroy(), LINGER_MS).unref()
    socket.once('close', () => clearTimeout(timer))
  }
}
