import { gzipSync } from 'node:zlib'
import type { Fault } from './faults.ts'

/** An answer on the wire: operations on the connection, in order. */
export type Step =
  | { readonly do: 'head'; readonly status: number; readonly headers: Readonly<Record<string, string>> }
  /** `tokens`: output tokens that are billed once these bytes are sent. */
  | { readonly do: 'write'; readonly bytes: Buffer; readonly tokens: number }
  | { readonly do: 'sleep'; readonly ms: number }
  /** Waits for a release. */
  | { readonly do: 'pause' }
  /** Waits for the client to time out. */
  | { readonly do: 'stall' }
  | { readonly do: 'reset' }

export type Steps = Iterable<Step>

/** Body writes before a mid-stream fault strikes. */
const BEFORE_FAULT = 3

/**
 * Rewrites an answer's steps according to a fault. `errorFrame` is the endpoint's frame for a failed stream.
 */
export function* faulty(steps: Steps, fault: Fault, errorFrame: string): Steps {
  let writes = 0
  for (const step of atLeastWrites(steps)) {
    const before = writes
    if (step.do === 'write') writes += 1
    switch (fault.kind) {
      case 'reset':
      case 'stall':
        if (fault.when === 'before_headers') return yield { do: fault.kind }
        if (fault.when === 'after_headers') {
          yield step
          return yield { do: 'stall' }
        }
        if (before === BEFORE_FAULT) {
          if (fault.when === 'mid_frame' && step.do === 'write') yield halves(step)[0]
          return yield { do: fault.kind }
        }
        yield step
        break
      case 'pause':
        if (step.do !== 'write') yield step
        else if (fault.when === 'every_frame') yield* [{ do: 'pause' } as const, step]
        else if (before === BEFORE_FAULT) {
          const [first, second] = halves(step)
          yield* [first, { do: 'pause' } as const, second]
        } else yield step
        break
      case 'early_end':
        if (step.do === 'write' && before === (fault.when === 'after_headers' ? 0 : BEFORE_FAULT)) return
        yield step
        break
      case 'error_frame':
        if (before === BEFORE_FAULT) return yield writing(errorFrame)
        yield step
        break
      case 'no_json':
        if (step.do === 'write' && step.bytes[0] === OPEN_BRACE) return yield writing(NO_JSON)
        if (before === BEFORE_FAULT) return yield* [writing(`data: ${NO_JSON}\n\n`), { do: 'stall' } as const]
        yield step
        break
      case 'gzip':
        yield packed(step)
        break
      case 'no_done':
        if (step.do !== 'write' || !step.bytes.equals(DONE)) yield step
        break
      case 'drip':
        if (step.do === 'write') yield* drip(step, fault)
        else yield step
        break
      default:
        yield step
    }
  }
}

export const DONE = Buffer.from('data: [DONE]\n\n')

const NO_JSON = '{"id":"chatcmpl-1", oops'

const OPEN_BRACE = 0x7b

type Write = Extract<Step, { do: 'write' }>

function writing(text: string): Write {
  return { do: 'write', bytes: Buffer.from(text), tokens: 0 }
}

/** Each write is its own gzip member, which can be decompressed as soon as it arrives. */
function packed(step: Step): Step {
  if (step.do === 'write') return { ...step, bytes: gzipSync(step.bytes) }
  return step.do === 'head' ? { ...step, headers: { ...step.headers, 'content-encoding': 'gzip' } } : step
}

/** A whole JSON body is a single write; it is split so that a fault can strike in the middle. */
function* atLeastWrites(steps: Steps): Steps {
  for (const step of steps) {
    if (step.do !== 'write' || step.bytes[0] !== OPEN_BRACE) yield step
    else yield* slices(step, Math.ceil(step.bytes.length / (BEFORE_FAULT + 1)))
  }
}

function* slices({ bytes, tokens }: Write, size: number): Steps {
  for (let at = 0; at < bytes.length; at += size) {
    yield { do: 'write', bytes: bytes.subarray(at, at + size), tokens: at === 0 ? tokens : 0 }
  }
}

function halves({ bytes, tokens }: Write): [Write, Write] {
  const middle = Math.floor(bytes.length / 2)
  return [
    { do: 'write', bytes: bytes.subarray(0, middle), tokens: 0 },
    { do: 'write', bytes: bytes.subarray(middle), tokens },
  ]
}

function* drip(step: Write, { ms, bytes }: Extract<Fault, { kind: 'drip' }>): Steps {
  for (const slice of slices(step, bytes ?? step.bytes.length)) {
    yield { do: 'sleep', ms }
    yield slice
  }
}
