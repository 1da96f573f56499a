import { setTimeout as sleep } from 'node:timers/promises'

/** A response as its client sees it. */
export interface Said {
  readonly status: number
  readonly text: string
}

/** No server accepted the connection. */
export const NOBODY: Said = { status: 0, text: '' }

const PAUSE_MS = 20

/** The server is about to stop, or a store missed its deadline, as happens on a busy machine. */
const PASSING = /"code": ?"(draining|store_unavailable)"/

/** Retries where OpenAI's clients do so by themselves, and counts how often. */
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
