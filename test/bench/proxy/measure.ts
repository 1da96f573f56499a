import { readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Child } from './child.ts'
import type { Contestant } from './contestants.ts'
import { cpuMsOf, cpuMsOfMachine } from './cpu.ts'
import type { Load, Order } from './order.ts'

/** One slice of a contestant's measurement. */
export interface Measured {
  readonly load: Load
  /** The contestant's CPU time, in microseconds per request. */
  readonly cpuUs: number
  /** Resident memory at the slice's end, in MiB. */
  readonly rssMib: number
  /** Cores used by processes outside the benchmark in the meantime. */
  readonly foreignCores: number
}

/** Instructions for the load generator, apart from the contestant. */
export type Plan = Omit<Order, 'door' | 'ms'>

/** Share of a slice's responses. */
const MOST_WRONG = 0.2

/** Has one process send load to another, and measures what the other uses for it. */
export class Bench {
  readonly #load: Child
  /** All processes of the benchmark; anything else that runs is foreign. */
  readonly #own: () => readonly number[]

  /** Responses that were not as requested, by contestant, in slices that had any. */
  readonly wrong = new Map<string, { readonly errors: number; readonly requests: number }>()
  /** What could not be measured, and why. */
  readonly givenUp: string[] = []

  constructor(load: Child, own: () => readonly number[]) {
    this.#load = load
    this.#own = own
  }

  async measure(plan: Plan, { child, door, name }: Contestant, ms: number): Promise<Measured> {
    const cpuOfAll = () => this.#own().reduce((sum, pid) => sum + cpuMsOf(pid), 0)
    const before = { cpu: cpuMsOf(child.pid), all: cpuOfAll(), machine: cpuMsOfMachine() }
    const load = await this.#play({ ...plan, door, ms })
    const cpuMs = cpuMsOf(child.pid) - before.cpu
    const foreignMs = cpuMsOfMachine() - before.machine - (cpuOfAll() - before.all)
    this.#count(name, load)
    return {
      load,
      cpuUs: (cpuMs * 1000) / load.requests,
      rssMib: rssMibOf(child.pid),
      foreignCores: Math.max(0, foreignMs / load.ms),
    }
  }

  /**
   * A store that misses its deadline refuses a request; a contestant that is wrong more often than that is
   * not measured.
   */
  #count(name: string, { errors, requests, firstError }: Load): void {
    if (errors === 0) return
    if (errors > requests * MOST_WRONG) {
      throw new Error(`${name}: ${errors} of ${requests} answers were wrong, the first: ${firstError ?? ''}`)
    }
    const known = this.wrong.get(name) ?? { errors: 0, requests: 0 }
    this.wrong.set(name, { errors: known.errors + errors, requests: known.requests + requests })
  }

  /**
   * Warms up all contestants, unless for 0 ms, and measures them in rotation, A B C A B C …, so that any disturbance
   * on the machine affects all of them.
   */
  async inTurn(
    plan: Plan,
    contestants: readonly Contestant[],
    {
      warmUpMs,
      sliceMs,
      rounds,
    }: { readonly warmUpMs: number; readonly sliceMs: number; readonly rounds: number },
  ): Promise<ReadonlyMap<Contestant, readonly Measured[]>> {
    const slices = new Map<Contestant, Measured[]>(contestants.map((each) => [each, []]))
    for (const [contestant] of slices) {
      if (warmUpMs > 0 && (await this.attempt(plan, contestant, warmUpMs)) === undefined)
        slices.delete(contestant)
    }
    for (let round = 0; round < rounds; round += 1) {
      for (const [contestant, own] of slices) {
        const measured = await this.attempt(plan, contestant, sliceMs)
        if (measured === undefined) slices.delete(contestant)
        else own.push(measured)
      }
    }
    return slices
  }

  /** Undefined for a contestant that cannot do what is asked here; the report says so. */
  async attempt(plan: Plan, contestant: Contestant, ms: number): Promise<Measured | undefined> {
    try {
      return await this.measure(plan, contestant, ms)
    } catch (error) {
      const [why] = (error instanceof Error ? error.message : String(error)).split('\r\n', 1)
      this.givenUp.push(`${plan.kind.name}: given up, ${why}`)
      return undefined
    }
  }

  async #play(order: Order): Promise<Load> {
    const answered = new Promise<Load>((resolve) => this.#load.process.once('message', resolve))
    this.#load.process.send(order)
    const load = await Promise.race([answered, this.#load.died])
    // Lets abandoned connections be noticed before the next slice begins.
    await sleep(20)
    return load
  }
}

function rssMibOf(pid: number): number {
  const kib = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]
  return Number(kib) / 1024
}
