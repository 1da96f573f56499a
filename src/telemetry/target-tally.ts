import type { AttemptResult } from '../flow/ports.ts'

/** How often a target was asked, by result. */
export interface TargetSums {
  readonly upstream: string
  readonly model: string
  readonly results: ReadonlyMap<AttemptResult, number>
}

/** Counts attempts on upstreams. Both names come from a configuration, which bounds their number. */
export class TargetTally {
  readonly #upstreams = new Map<string, Map<string, Map<AttemptResult, number>>>()

  count(upstream: string, model: string, result: AttemptResult): void {
    const results = this.#upstreams.get(upstream)?.get(model) ?? this.#open(upstream, model)
    results.set(result, (results.get(result) ?? 0) + 1)
  }

  /** Drops upstreams and models that are no longer configured. */
  follow(upstreams: ReadonlySet<string>, models: ReadonlySet<string>): void {
    for (const [upstream, known] of this.#upstreams) {
      if (!upstreams.has(upstream)) this.#upstreams.delete(upstream)
      for (const model of known.keys()) if (!models.has(model)) known.delete(model)
    }
  }

  *all(): Iterable<TargetSums> {
    for (const [upstream, models] of this.#upstreams) {
      for (const [model, results] of models) yield { upstream, model, results }
    }
  }

  #open(upstream: string, model: string): Map<AttemptResult, number> {
    const models = this.#upstreams.get(upstream) ?? new Map<string, Map<AttemptResult, number>>()
    this.#upstreams.set(upstream, models)
    const results = new Map<AttemptResult, number>()
    models.set(model, results)
    return results
  }
}
