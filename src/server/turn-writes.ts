import type { Socket } from 'node:net'

/**
 * Holds back what is written to sockets until the turn of the event loop ends, then sends it all in one go. Chunks of
 * many streams arrive in one turn; written between reads, each would wake its reader, who sleeps again before the next:
 * that costs a third of a stream's CPU time. Nothing waits for anything that has not arrived yet.
 */
export class TurnWrites {
  #held: Socket[] = []

  /** To be called before a write. */
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
