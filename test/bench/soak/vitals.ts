import { once } from 'node:events'
import type { Program } from '../endurance/program.ts'

/** What the probe inside the program can be asked for. */
export type Asked = 'vitals' | 'objects'

/** Sizes in bytes, for the main thread. */
export interface Vitals {
  readonly heapUsed: number
  /** In use right after the last full garbage collection; 0 before the first. */
  readonly heapKept: number
  readonly external: number
  readonly arrayBuffers: number
  /** Since the last query, in milliseconds. */
  readonly loopDelayP99: number
  /** Both count only those that keep the event loop alive. */
  readonly timers: number
  readonly sockets: number
}

/**
 * The number of objects of those kinds that a leaking request would leave behind, after a full garbage
 * collection.
 */
export interface Objects {
  readonly sockets: number
  readonly timers: number
  readonly responses: number
}

export function vitalsOf(program: Program): Promise<Vitals> {
  return ask(program, 'vitals') as Promise<Vitals>
}

/** Makes the program collect all garbage first. */
export function objectsOf(program: Program): Promise<Objects> {
  return ask(program, 'objects') as Promise<Objects>
}

async function ask({ child }: Program, asked: Asked): Promise<unknown> {
  const answer = once(child, 'message')
  child.send(asked)
  const [told] = await answer
  return told
}
