import type { Act } from '../../../src/simulator/act.ts'
import type { Fault } from '../../../src/simulator/faults.ts'
import type { Random } from '../../../src/simulator/random.ts'

/** One request of a storm: its body, its client's behaviour, and its fate upstream. */
export interface Wave {
  readonly body: string
  /** Disconnects before the response head, this long after sending; or at this chunk of the response. */
  readonly leaves: { readonly afterMs: number } | { readonly atChunk: number } | undefined
  /** How its answer fails, the first time an upstream is asked. */
  readonly fault: Fault | undefined
  /**
   * Whether it always fails this way on its preferred model, however often that is tried, so that another has
   * to serve.
   */
  readonly isLost: boolean
  readonly pieces: number
  /** With at least this much of a budget left, refusing this request as exhausted is wrong. Nano-dollars. */
  readonly need: number
}

const PROMPTS = [
  'Prove that the sum of two odd numbers is even.',
  'What is the capital of Australia?',
  'Write a short poem about the sea.',
  'Démontre que √2 est irrationnel.',
  '中国的首都是哪座城市？',
  'Schreibe eine höfliche Absage auf eine Einladung.',
]

const FAULTS: readonly Fault[] = [
  { kind: 'status', code: 503, retry_after_ms: 1 },
  { kind: 'status', code: 429, retry_after_ms: 1 },
  { kind: 'reset', when: 'before_headers' },
  { kind: 'reset', when: 'mid_stream' },
  { kind: 'reset', when: 'mid_frame' },
  { kind: 'early_end' },
  { kind: 'error_frame' },
  { kind: 'html' },
]

/** gpt-4o is the dearest model here, in nano-dollars per token; a cap below 256 is never lowered further. */
const DEAREST = { input: 2_500, output: 10_000 }
const LOWEST_CAP = 256
/** Added by the bound to a prompt's bytes. */
const OVERHEAD_TOKENS = 100

/**
 * Plain and streamed, one to four choices, some without a cap; some clients disconnect, some upstreams fail.
 */
export function waveOf(number: number, random: Random): Wave {
  const pick = <T>(from: readonly T[]): T | undefined => from[Math.floor(random() * from.length)]
  const words = Array.from({ length: Math.floor(random() * 30) }, () =>
    Math.floor(random() * 1e6).toString(36),
  )
  const content = `${pick(PROMPTS)} ${words.join(' ')}`
  const cap = random() < 0.04 ? undefined : 64 + Math.floor(random() * 2_000)
  const n = random() < 0.6 ? 1 : 2 + Math.floor(random() * 3)
  const body = JSON.stringify({
    model: nameOf(number),
    messages: [{ role: 'user', content: `${content} (${nameOf(number)})` }],
    stream: random() < 0.5,
    ...(n > 1 && { n }),
    ...(cap !== undefined && { max_completion_tokens: cap }),
  })
  const fate = random()
  return {
    body,
    leaves:
      fate > 0.15
        ? undefined
        : fate < 0.05
          ? { afterMs: random() * 15 }
          : { atChunk: Math.floor(random() * 25) },
    fault: fate > 0.65 && fate < 0.85 ? pick(FAULTS) : undefined,
    isLost: fate >= 0.85 && fate < 0.88,
    pieces: 1 + Math.floor(random() * 30),
    need:
      (Buffer.byteLength(body) + OVERHEAD_TOKENS) * DEAREST.input +
      Math.min(cap ?? LOWEST_CAP, LOWEST_CAP) * n * DEAREST.output,
  }
}

const nameOf = (number: number) => `wave-${number}`
const NUMBER = /wave-(\d+)/

/**
 * The number of the request a text belongs to: for a row, from the requested model; for a call, from its
 * prompt.
 */
export function numberIn(text: string): number {
  return Number(NUMBER.exec(text)?.[1])
}

/** The upstream's script for these requests: each fault once, or always on one model. */
export function scriptFor(waves: readonly Wave[]): (model: string, body: Buffer) => Act {
  const struck = new Set<number>()
  return (model, body) => {
    const number = numberIn(body.toString('utf8'))
    const { pieces = 1, fault, isLost = false } = waves[number] ?? {}
    const answer = Array.from({ length: pieces }, () => ' word')
    if (isLost && model !== 'gpt-4o')
      return { answer, fault: { kind: 'status', code: 503, retry_after_ms: 1 } }
    if (fault === undefined || struck.has(number)) return { answer }
    struck.add(number)
    return { answer, fault }
  }
}
