import type { Act } from '../../../src/simulator/act.ts'
import type { Fault } from '../../../src/simulator/faults.ts'

/** A way for a request to end, through the client or the upstream, and how often it occurs. */
export interface End {
  readonly share: number
  readonly stream?: boolean
  readonly leaveAfterMs?: number
  /** The client reads a chunk, waits this long, and reads the next. */
  readonly readEveryMs?: number
  readonly fault?: Fault
  readonly answer?: Act['answer']
}

const WHOLE: End = { share: 44 }

/**
 * Answers slowly enough that as many requests as desired can be in flight at once. Never chosen at random.
 */
export const SLOW: End = { share: 0, fault: { kind: 'drip', ms: 100, bytes: 32 } }

/** Larger than socket buffers: a slow reader makes the writer wait. */
const LONG_ANSWER = Array.from({ length: 60 }, () => ` ${'word'.repeat(16_000)}`)

const ENDS: readonly End[] = [
  WHOLE,
  SLOW,
  { share: 26, stream: true },
  { share: 6, leaveAfterMs: 0 },
  { share: 6, stream: true, leaveAfterMs: 3, fault: { kind: 'drip', ms: 1, bytes: 256 } },
  { share: 4, fault: { kind: 'reset', when: 'before_headers' } },
  { share: 4, fault: { kind: 'status', code: 500 } },
  { share: 3, fault: { kind: 'status', code: 429, retry_after_ms: 1 } },
  { share: 2, fault: { kind: 'html' } },
  { share: 1, fault: { kind: 'stall', when: 'before_headers' } },
  { share: 1, stream: true, fault: { kind: 'reset', when: 'mid_frame' } },
  { share: 1, stream: true, fault: { kind: 'early_end' } },
  { share: 1, stream: true, fault: { kind: 'error_frame' } },
  { share: 1, stream: true, fault: { kind: 'stall', when: 'mid_stream' } },
  { share: 0.05, stream: true, readEveryMs: 40, answer: LONG_ANSWER },
]
const SHARES = ENDS.reduce((sum, { share }) => sum + share, 0)

/** `dice` in [0, 1). */
export function endFor(dice: number): End {
  let upTo = 0
  for (const end of ENDS) {
    upTo += end.share / SHARES
    if (dice < upTo) return end
  }
  return WHOLE
}

/** A prompt encodes how it should end, because only the body reaches every upstream. */
export function bodyFor(end: End, number: number): string {
  return JSON.stringify({
    model: 'auto',
    stream: end.stream ?? false,
    messages: [
      { role: 'user', content: `What is the capital of country ${number}? end-${ENDS.indexOf(end)}` },
    ],
  })
}

/**
 * Grants a prompt's wish once and then answers normally: otherwise five consecutive failures would put the
 * target to rest, and the remaining requests would all be refused.
 */
export function createScript(): (body: Buffer) => Act | undefined {
  const struck = new Set<string>()
  return (body) => {
    const [, country = '', place = ''] = /country (\d+)\? end-(\d+)/.exec(body.toString('latin1')) ?? []
    const { fault, answer } = ENDS[Number(place)] ?? WHOLE
    if (answer !== undefined) return { answer }
    if (fault === undefined || fault.kind === 'drip') return fault && { fault }
    if (struck.delete(country)) return undefined
    struck.add(country)
    return { fault }
  }
}
