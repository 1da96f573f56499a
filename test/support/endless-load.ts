import { setImmediate } from 'node:timers/promises'
import { eventually } from './eventually.ts'
import { chatBody } from './written-upstream.ts'

/** Anything with a cleanup hook: a test, or a bench. */
interface Scope {
  after(end: () => Promise<unknown>): void
}

/** Load that continues until told to end. */
export interface EndlessLoad {
  /** Resolves after this many further requests. */
  more(requests: number): Promise<void>
  /** The number of requests made, and the failures. */
  end(): Promise<{ readonly count: number; readonly failures: readonly string[] }>
}

/**
 * Sends requests continuously in the given number of lanes, alternating between streams and plain requests.
 */
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
      // Yields, because requests that fail immediately would otherwise starve the event loop.
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
  // A test that fails midway must not leave it running.
  scope.after(end)
  return {
    end,
    async more(requests) {
      const until = count + requests
      await eventually(() => (count > until ? true : undefined))
    },
  }
}
