/** Errors of the operating system when it has no sockets, ports or memory left to connect with. */
const EXHAUSTED: ReadonlySet<unknown> = new Set(['EMFILE', 'ENFILE', 'EADDRNOTAVAIL', 'ENOBUFS', 'ENOMEM'])

/**
 * Whether a connection failed locally rather than at the other end. If several addresses were tried, all of
 * them must have failed locally: a host without IPv6 has no address to reach `::1` from, and what counts then
 * is that the other address refused.
 */
export function isExhaustion(error: unknown): boolean {
  if (error instanceof AggregateError && error.errors.length > 0) return error.errors.every(isExhaustion)
  return error instanceof Error && 'code' in error && EXHAUSTED.has(error.code)
}
