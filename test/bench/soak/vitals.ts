import { once } from 'node:events'
import type { Program } from '../endurance/program.ts'

/** What the probe within the program is asked for. */
export type Asked = 'vitals' | 'objects'

/** Sizes in bytes, of the main thread. */
export interface Vitals {
  readonly heapUsed: number
  /** Used right after the last full collection; 0 before the first. */
  readonly heapKept: number
  readonly external: number
  readonly arrayBuffers: number
  /** Since it was last asked, milliseconds. */
  readonly loopDelayP99: number
  /** Both only as far as they keep the loop alive. */
  readonly timers: number
  readonly sockets: number
}

/** Of the kinds a request leaves behind if it leaves anything, how many there are once all garbage is collected. */
export interface Objects {
  readonly sockets: number
  readonly timers: number
  readonly responses: number
}

export function vitalsOf(program: Program): Promise<Vitals> {
  return ask(program, 'vitals') as Promise<Vitals>
}

/** Has the program collect all its garbage. */
export function objectsOf(program: Program): Promise<Objects> {
  return ask(program, 'objects') as Promise<Objects>
}

async function ask({ child }: Program, asked: Asked): Promise<unknown> {
  const answer = once(child, 'message')
  child.send(asked)
  const [told] = await answer
  return told
}
