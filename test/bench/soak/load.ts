import { setTimeout as sleep } from 'node:timers/promises'
import { Pool } from 'undici'
import type { Random } from '../../../src/simulator/random.ts'
import { ask } from '../endurance/ask.ts'
import { endFor } from '../endurance/ends.ts'

const TICK_MS = 5

/**
 * An open loop: starts `rate` requests a second, whatever happens to earlier ones, for as long as it runs.
 */
export class Load {
  sent = 0
  #asked = 0
  readonly #pool: Pool
  readonly #rate: number
  readonly #random: Random

  constructor(dataUrl: string, rate: number, random: Random) {
    // An unlimited number of connections: if a request waited for one, the loop would not be open.
    this.#pool = new Pool(dataUrl)
    this.#rate = rate
    this.#random = random
  }

  /** Requests sent that have not ended. */
  get open(): number {
    return this.#asked
  }

  /** Resolves after `ms`; requests may still be in flight. */
  async run(ms: number): Promise<void> {
    const began = performance.now()
    const before = this.sent
    for (let elapsed = 0; elapsed < ms; elapsed = performance.now() - began) {
      const due = before + Math.floor((Math.min(elapsed, ms) * this.#rate) / 1000)
      while (this.sent < due) this.#begin()
      await sleep(TICK_MS)
    }
  }

  async end(): Promise<void> {
    while (this.#asked > 0) await sleep(TICK_MS)
    await this.#pool.destroy()
  }

  #begin(): void {
    this.sent += 1
    this.#asked += 1
    ask(this.#pool, this.sent, endFor(this.#random())).finally(() => {
      this.#asked -= 1
    })
  }
}
