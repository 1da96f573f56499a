import { setTimeout as sleep } from 'node:timers/promises'

/** An answer as its client sees it. */
export interface Said {
  readonly status: number
  readonly text: string
}

/** Where nobody took the connection. */
export const NOBODY: Said = { status: 0, text: '' }

const PAUSE_MS = 20

/** Says that it is about to leave, or that a store was slower than its deadline, as they are on a crowded machine. */
const PASSING = /"code": ?"(draining|store_unavailable)"/

/** Tries again where OpenAI's clients do so by themselves, and counts how often. */
export class Patience {
  triedAgain = 0

  async ask(once: () => Promise<Said>): Promise<Said> {
    for (;;) {
      const said = await once()
      if (said !== NOBODY && !(said.status === 503 && PASSING.test(said.text))) return said
      this.triedAgain += 1
      await sleep(PAUSE_MS)
    }
  }
}
