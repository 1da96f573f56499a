import { once } from 'node:events'
import type { ServerResponse } from 'node:http'
import { setImmediate, setTimeout } from 'node:timers/promises'
import type { Gate } from './gate.ts'
import type { Step, Steps } from './steps.ts'

/** How an answer ended: complete (or as its fault intended), cut off by a reset, or with its client gone. */
export type Ending = 'finished' | 'reset' | 'client_left'

/**
 * Long enough for the bytes before a reset to reach the client, which would otherwise discard them with the
 * connection.
 */
const BEFORE_RESET_MS = 15

/**
 * Plays an answer's steps to a client, with backpressure. `onSent` is called with billed tokens as they go
 * out.
 */
export async function play(
  steps: Steps,
  response: ServerResponse,
  gate: Gate,
  onSent: (tokens: number) => void,
): Promise<Ending> {
  const gone = new AbortController()
  response.once('close', () => {
    if (!response.writableFinished) gone.abort()
  })
  try {
    for (const step of steps) {
      await take(step, response, gate, gone.signal)
      if (step.do === 'reset') return 'reset'
      if (step.do === 'write') onSent(step.tokens)
    }
    response.end()
    if (!response.writableFinished) await once(response, 'finish', { signal: gone.signal })
    return 'finished'
  } catch (thrown) {
    if (gone.signal.aborted) return 'client_left'
    throw thrown
  }
}

async function take(step: Step, response: ServerResponse, gate: Gate, left: AbortSignal): Promise<void> {
  left.throwIfAborted()
  switch (step.do) {
    case 'head':
      response.writeHead(step.status, step.headers)
      return
    case 'write':
      if (!response.write(step.bytes)) await once(response, 'drain', { signal: left })
      await setImmediate()
      return
    case 'sleep':
      flush(response)
      await setTimeout(step.ms, undefined, { signal: left })
      return
    case 'pause':
      flush(response)
      return gate.pass(left)
    case 'stall':
      flush(response)
      await once(left, 'abort')
      return left.throwIfAborted()
    case 'reset':
      if (response.headersSent) await setTimeout(BEFORE_RESET_MS, undefined, { signal: left })
      response.socket?.resetAndDestroy()
  }
}

/** Sends headers that would otherwise wait for the first byte of the body. */
function flush(response: ServerResponse): void {
  if (response.headersSent) response.flushHeaders()
}
