import type { Trip } from '../flow/trip.ts'
import type { Closing } from '../ledger/row.ts'
import { ANSWER_MS, Histogram, OWN_MS } from './histogram.ts'

/** Histograms by name, created on first use. */
class Histograms {
  readonly #bounds: readonly number[]
  readonly #byName = new Map<string, Histogram>()

  constructor(bounds: readonly number[]) {
    this.#bounds = bounds
  }

  of(name: string): Histogram {
    const known = this.#byName.get(name)
    if (known !== undefined) return known
    const fresh = new Histogram(this.#bounds)
    this.#byName.set(name, fresh)
    return fresh
  }

  all(): Iterable<readonly [string, Histogram]> {
    return this.#byName
  }

  follow(names: ReadonlySet<string>): void {
    for (const name of this.#byName.keys()) if (!names.has(name)) this.#byName.delete(name)
  }
}

/** Durations of requests for which an upstream was asked. Earlier refusals say nothing about speed. */
export class Latencies {
  /** Until the first byte of the answer, by model. */
  readonly firstByte = new Histograms(ANSWER_MS)
  /** From arrival to end, by model. */
  readonly total = new Histograms(ANSWER_MS)
  /** From arrival until the first upstream is asked, by endpoint: the proxy's own share. */
  readonly own = new Histograms(OWN_MS)

  observe({ endpoint }: Pick<Trip, 'endpoint'>, closing: Closing): void {
    if (closing.attempts === 0) return
    this.own.of(endpoint).observe(closing.msProxy)
    const model = closing.target ?? 'none'
    this.total.of(model).observe(closing.msTotal)
    if (closing.msToFirstByte !== null) this.firstByte.of(model).observe(closing.msToFirstByte)
  }

  /** Drops models that are no longer configured. */
  follow(models: ReadonlySet<string>): void {
    this.firstByte.follow(models)
    this.total.follow(models)
  }
}
