import { setImmediate } from 'node:timers/promises'
import { eventually } from './eventually.ts'
import { chatBody } from './written-upstream.ts'

/** Whatever tells when it is over: a test, or a bench. */
interface Scope {
  after(end: () => Promise<unknown>): void
}

/** Load that goes on until it is told to end. */
export interface EndlessLoad {
  /** Resolves after so many more requests. */
  more(requests: number): Promise<void>
  /** How many were asked, and what did not succeed. */
  end(): Promise<{ readonly count: number; readonly failures: readonly string[] }>
}

/** Asks without a pause, in so many lanes, every other time for a stream. */
export function loadEndlessly(
  scope: Scope,
  ask: (body: object) => Promise<{ readonly status: number; readonly text: string }>,
  lanes: number,
): EndlessLoad {
  const failures: string[] = []
  let count = 0
  let isOver = false
  const lane = async () => {
    while (!isOver) {
      count += 1
      const stream = count % 2 === 0
      // What fails at once, before anything is sent, would let nothing else happen any more.
      await setImmediate()
      await ask(chatBody({ stream })).then(
        ({ status, text }) => {
          const isWhole = stream ? text.endsWith('data: [DONE]\n\n') : text.includes('"finish_reason"')
          if (status !== 200 || !isWhole) failures.push(`${status} ${text.slice(-300)}`)
        },
        (error: Error) => failures.push(error.message),
      )
    }
  }
  const running = Promise.all(Array.from({ length: lanes }, lane))
  const end = async () => {
    isOver = true
    await running
    return { count, failures }
  }
  // A test that fails on the way must not leave it running.
  scope.after(end)
  return {
    end,
    async more(requests) {
      const until = count + requests
      await eventually(() => (count > until ? true : undefined))
    },
  }
}
