import type { ServerResponse } from 'node:http'

/** How long to read on: several round trips. */
const LINGER_MS = 1_000

/**
 * Has the connection closed in two steps after this response, for a request whose body is still arriving. Closed at
 * once, the kernel would answer that body with a reset, and the client might lose the response (RFC 9112 section 9.6).
 */
export function linger({ socket }: ServerResponse): void {
  if (socket === null) return
  // Node calls this once a response with `connection: close` has been written.
  socket.destroySoon = () => {
    socket.end()
    const timer = setTimeout(() => socket.destroy(), LINGER_MS).unref()
    socket.once('close', () => clearTimeout(timer))
  }
}
