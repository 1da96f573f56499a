import { type Child, startScript } from '../proxy/child.ts'
import type { Contestant } from '../proxy/contestants.ts'
import { Bench, type Measured, type Plan } from '../proxy/measure.ts'

/** Replicas of one proxy, each with a load generator of its own. */
export class Fleet {
  readonly loads: readonly Child[]
  readonly #benches: readonly (readonly [Bench, Contestant])[]

  constructor(replicas: readonly Contestant[]) {
    this.loads = replicas.map(() => startScript('./load.ts'))
    this.#benches = this.loads.map((load, place) => [
      new Bench(load, () => []),
      replicas[place] as Contestant,
    ])
  }

  /**
   * Asks all of them at once, each over as many connections; the CPU a request takes is that of all of them
   * together.
   */
  async measure(plan: Plan, ms: number): Promise<Pick<Measured, 'cpuUs' | 'rssMib'>> {
    const measured = await Promise.all(
      this.#benches.map(([bench, replica]) => bench.measure(plan, replica, ms)),
    )
    const requests = measured.reduce((sum, { load }) => sum + load.requests, 0)
    const cpuUs = measured.reduce((sum, { load, cpuUs }) => sum + cpuUs * load.requests, 0) / requests
    return { cpuUs, rssMib: Math.max(...measured.map(({ rssMib }) => rssMib)) }
  }
}
