import type { Socket } from 'node:net'

/**
 * Collects writes to sockets until the end of the event loop's turn, then sends them at once. Chunks of many
 * streams arrive in one turn; written one by one between reads, each would wake its reader, which goes back
 * to sleep before the next. That costs a third of a stream's CPU time. Nothing waits for data that has not
 * arrived yet.
 */
export class TurnWrites {
  #held: Socket[] = []

  /** Call before a write. */
  hold(socket: Socket): void {
    if (socket.writableCorked > 0) return
    socket.cork()
    if (this.#held.push(socket) === 1) setImmediate(() => this.#send())
  }

  #send(): void {
    const held = this.#held
    this.#held = []
    for (const socket of held) socket.uncork()
  }
}
