/** What the operating system says when this process, or its machine, has nothing left to connect with. */
const EXHAUSTED: ReadonlySet<unknown> = new Set(['EMFILE', 'ENFILE', 'EADDRNOTAVAIL', 'ENOBUFS', 'ENOMEM'])

/**
 * Whether a connection failed here and not at the other side. Where several addresses were tried, only if all of them
 * failed here: a host without IPv6 has no address to reach `::1` from, and that the other address refuses is what counts.
 */
export function isExhaustion(error: unknown): boolean {
  if (error instanceof AggregateError && error.errors.length > 0) return error.errors.every(isExhaustion)
  return error instanceof Error && 'code' in error && EXHAUSTED.has(error.code)
}
