import { z } from 'zod'
import { Fault } from './faults.ts'
import { invalid } from './wire-error.ts'

/**
 * What can be requested in text: any fault, an answer of a given size in bytes, or a call of the first tool.
 */
const Wished = z.union([
  Fault,
  z.strictObject({ kind: z.literal('giant'), bytes: z.coerce.number().int() }),
  z.strictObject({ kind: z.literal('tool') }),
])

/** A wish may apply to one model only, or only to the first few times the same text comes. */
export interface Wish {
  readonly words: string
  readonly wished: z.infer<typeof Wished>
  readonly model: string | undefined
  readonly times: number
}

export const WISH_HEADER = 'x-simulate'
const IN_PROMPT = /\[\[sim:([^\]]{1,200})\]\]/

/**
 * Parses a wish from a header (`x-simulate: reset when=mid_stream times=1`) or from the prompt (`[[sim:status
 * code=503 model=o1-mini]]`). An invalid wish is rejected with a 400, so that a typo is not mistaken for a
 * fault.
 */
export function readWish(header: string | undefined, prompt: string): Wish | undefined {
  const words = header ?? IN_PROMPT.exec(prompt)?.[1]
  if (words === undefined) return undefined
  const [kind = '', ...pairs] = words.trim().split(/\s+/)
  const values = new Map(pairs.map((pair) => [pair.split('=')[0] ?? '', pair.split('=')[1] ?? '']))
  const model = values.get('model')
  const times = Number(values.get('times') ?? Infinity)
  values.delete('model')
  values.delete('times')
  const read = Wished.safeParse({ kind, ...Object.fromEntries(values) })
  return { words, wished: read.data ?? ungrantable(words), model, times }
}

function ungrantable(words: string): Fault {
  return { kind: 'refuse', error: invalid(`The simulator cannot grant "${words}".`, null, 'unknown_wish') }
}
