import { readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Child } from './child.ts'
import type { Contestant } from './contestants.ts'
import { cpuMsOf, cpuMsOfMachine } from './cpu.ts'
import type { Load, Order } from './order.ts'

/** One contestant's slice. */
export interface Measured {
  readonly load: Load
  /** CPU time of the contestant, microseconds a request. */
  readonly cpuUs: number
  /** Resident memory at the slice's end, in MiB. */
  readonly rssMib: number
  /** Cores that processes outside the benchmark used meanwhile. */
  readonly foreignCores: number
}

/** What the load generator is told, but for whom it asks. */
export type Plan = Omit<Order, 'door' | 'ms'>

/** Of a slice's answers. */
const MOST_WRONG = 0.2

/** Has one process ask another, and looks at what the other takes for it. */
export class Bench {
  readonly #load: Child
  /** All processes of the benchmark: whatever else runs is foreign. */
  readonly #own: () => readonly number[]

  /** Answers that were not what was asked for, by contestant, in the slices that had such. */
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

  /** A store that is too slow for its deadline refuses a request; what is wrong more often is not measured. */
  #count(name: string, { errors, requests, firstError }: Load): void {
    if (errors === 0) return
    if (errors > requests * MOST_WRONG) {
      throw new Error(`${name}: ${errors} of ${requests} answers were wrong, the first: ${firstError ?? ''}`)
    }
    const known = this.wrong.get(name) ?? { errors: 0, requests: 0 }
    this.wrong.set(name, { errors: known.errors + errors, requests: known.requests + requests })
  }

  /** Warms all of them up and measures them in turn: A B C A B C …, so that whatever the machine does meets all. */
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
      if ((await this.attempt(plan, contestant, warmUpMs)) === undefined) slices.delete(contestant)
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

  /** Undefined for a contestant that cannot do what is asked of it here; the report says so. */
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
    // Connections that were left are noticed before the next slice begins.
    await sleep(20)
    return load
  }
}

function rssMibOf(pid: number): number {
  const kib = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]
  return Number(kib) / 1024
}
