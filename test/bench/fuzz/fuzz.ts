import { chanceOf } from './mutate.ts'
import { caseOf, type FuzzTarget } from './targets.ts'

/** The result of a run. */
export interface FuzzResult {
  readonly cases: number
  /** Processor time of the slowest case; wall time would depend on how busy the machine is. */
  readonly slowestMs: number
  /** Heap in use at the end, less that after the corpus, in bytes. */
  readonly grownBytes: number
  readonly seconds: number
}

/** A case that did something forbidden; its message tells how to reproduce it. */
export class FuzzFailure extends Error {}

/**
 * Throws a `FuzzFailure` at the first case that crashes its reader or takes it more than `patienceMs` of
 * processor time.
 */
export function fuzz(
  target: FuzzTarget,
  cases: number,
  seed: number,
  patienceMs = Number.POSITIVE_INFINITY,
): FuzzResult {
  const started = performance.now()
  let slowestMs = 0
  let heap = 0
  for (let index = 0; index < cases; index += 1) {
    if (index === Math.min(1_000, cases - 1)) heap = process.memoryUsage().heapUsed
    const chance = chanceOf(seed + index)
    const text = caseOf(target, chance, index)
    const begun = process.cpuUsage()
    try {
      target.read(text, chance)
    } catch (error) {
      const why = error instanceof Error ? error.stack : String(error)
      throw new FuzzFailure(`${target.name}, seed ${seed}, case ${index}: ${JSON.stringify(text)}\n${why}`)
    }
    const { user, system } = process.cpuUsage(begun)
    const ms = (user + system) / 1_000
    if (ms > slowestMs) slowestMs = ms
    if (ms > patienceMs)
      throw new FuzzFailure(
        `${target.name}, seed ${seed}, case ${index} took ${ms} ms of processor time: ${JSON.stringify(text)}`,
      )
  }
  globalThis.gc?.()
  const grownBytes = Math.max(0, process.memoryUsage().heapUsed - heap)
  return { cases, slowestMs, grownBytes, seconds: (performance.now() - started) / 1000 }
}
