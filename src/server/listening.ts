import type { AddressInfo } from 'node:net'
import type { FastifyInstance } from 'fastify'

/** Listens, on a free port if `port` is 0; returns the address as a URL without a path. */
export async function listen(
  app: FastifyInstance,
  address: { readonly host: string; readonly port: number },
): Promise<string> {
  await app.listen({ host: address.host, port: address.port })
  const bound = app.server.address() as AddressInfo
  const host = bound.family === 'IPv6' ? `[${bound.address}]` : bound.address
  return `http://${host}:${bound.port}`
}

/** Waits for requests in flight, then closes the connections still open. */
export async function drain(app: FastifyInstance, patienceMs: number): Promise<void> {
  const timer = setTimeout(() => app.server.closeAllConnections(), patienceMs)
  await app.close()
  clearTimeout(timer)
}
