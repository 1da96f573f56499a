import { setTimeout } from 'node:timers/promises'
import { Agent, fetch } from 'undici'
import { eventually } from './eventually.ts'

/** Interval between readiness probes, as a load balancer makes them. */
const PROBE_MS = 10

/** A replica as a load balancer sees it. */
interface Backend {
  readonly dataUrl: string
  readonly adminUrl: string
  isReady: boolean
  /** Requests sent to it for which no response head has arrived. */
  unanswered: number
}

/** No replica reports ready, which can happen for a moment with slow stores. */
export class NobodyReady extends Error {}

/**
 * Sends each request to a ready replica, over connections that are kept alive for as long as the replica
 * allows.
 */
export class Balancer {
  readonly #backends: Backend[] = []
  readonly #agent = new Agent()
  readonly #probing: Promise<void>
  #isClosed = false
  #turn = 0

  constructor() {
    this.#probing = this.#probe()
  }

  /** Resolves when the replica is ready; from then on it receives requests. */
  async add(dataUrl: string, adminUrl: string): Promise<void> {
    const backend = { dataUrl, adminUrl, isReady: false, unanswered: 0 }
    this.#backends.push(backend)
    await eventually(() => backend.isReady || undefined)
  }

  /**
   * Resolves when the replica has been seen not ready and owes no response head any more, so that it may be
   * stopped.
   */
  async left(dataUrl: string): Promise<void> {
    const index = this.#backends.findIndex((backend) => backend.dataUrl === dataUrl)
    const backend = this.#backends[index]
    if (backend === undefined) throw new Error(`nobody listens on ${dataUrl}`)
    await eventually(() => (!backend.isReady && backend.unanswered === 0 ? true : undefined))
    this.#backends.splice(index, 1)
  }

  /**
   * Performs one request. Rejects, with an error naming the replica, if a client behind the balancer would
   * see it fail; that replica gets no more requests until it has been seen ready again.
   */
  async ask(body: object): Promise<{ readonly status: number; readonly text: string }> {
    const ready = this.#backends.filter(({ isReady }) => isReady)
    this.#turn += 1
    const backend = ready[this.#turn % ready.length]
    if (backend === undefined) throw new NobodyReady('no replica is ready')
    backend.unanswered += 1
    try {
      return await this.#askAt(backend, body)
    } catch (error) {
      backend.isReady = false
      throw new Error(`${backend.dataUrl}: ${String(error)}`, { cause: error })
    }
  }

  async #askAt(backend: Backend, body: object): Promise<{ readonly status: number; readonly text: string }> {
    const answer = await fetch(`${backend.dataUrl}/chat/completions`, {
      method: 'POST',
      headers: { authorization: 'Bearer sk-test', 'content-type': 'application/json' },
      body: JSON.stringify(body),
      dispatcher: this.#agent,
    }).finally(() => {
      backend.unanswered -= 1
    })
    return { status: answer.status, text: await answer.text() }
  }

  async close(): Promise<void> {
    this.#isClosed = true
    await this.#probing
    await this.#agent.close()
  }

  async #probe(): Promise<void> {
    while (!this.#isClosed) {
      for (const backend of this.#backends) {
        backend.isReady = await fetch(`${backend.adminUrl}/readyz`).then(
          async (answer) => (await answer.text()) !== '' && answer.ok,
          () => false,
        )
      }
      await setTimeout(PROBE_MS)
    }
  }
}
