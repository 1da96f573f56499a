import type { FastifyReply } from 'fastify'

/**
 * Requests whose bodies are read for everyone. Most bodies arrive together with their headers, and then the
 * key is checked once, when the body has been read. The bodies that have not are waited for only if the key
 * is known: without one, a byte now and then would hold a connection for ten minutes.
 */
export class LateBodies {
  #arrived: FastifyReply[] = []
  readonly #late: (reply: FastifyReply) => void

  /**
   * `late` is called for each request whose body is not complete at the end of the turn of the event loop it
   * arrived in.
   */
  constructor(late: (reply: FastifyReply) => void) {
    this.#late = late
  }

  /** One immediate serves all requests of a turn. */
  watch(reply: FastifyReply): void {
    if (this.#arrived.push(reply) === 1) setImmediate(this.#look)
  }

  readonly #look = () => {
    const arrived = this.#arrived
    this.#arrived = []
    for (const reply of arrived) if (!reply.request.raw.complete && !reply.sent) this.#late(reply)
  }
}
