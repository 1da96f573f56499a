import { BUCKETS } from '../../classifier/model/features.ts'
import type { PerClass } from '../../classifier/verdict.ts'
import type { FeatureTable } from './feature-table.ts'

/** Initial value of a weight's sum of squares. */
const FIRST_STEP = 1e-2

/** Per bucket: three weights, their sums of squared gradients, and what decay pulls them to. */
const CELL = 9
const SQUARES = 3
const ORIGIN = 6

/**
 * The weights of three classes while AdaGrad learns them. All figures of a bucket are neighbours in memory, since
 * fetching them is most of the work.
 */
export class AdaGrad {
  readonly #cells = new Float32Array(BUCKETS * CELL)

  /** Starts from `origin`, three weights a bucket, and decays towards it; from zero if there is none. */
  constructor(origin?: Float32Array) {
    for (let bucket = 0; bucket < BUCKETS; bucket += 1) {
      const cell = bucket * CELL
      this.#cells.fill(FIRST_STEP, cell + SQUARES, cell + ORIGIN)
      if (origin === undefined) continue
      const weights = origin.subarray(bucket * 3, bucket * 3 + 3)
      this.#cells.set(weights, cell)
      this.#cells.set(weights, cell + ORIGIN)
    }
  }

  /** Sums a row's features. */
  logitsOf(set: FeatureTable, row: number, bias: Float64Array): PerClass {
    const cells = this.#cells
    let a = bias[0] ?? 0
    let b = bias[1] ?? 0
    let c = bias[2] ?? 0
    const end = set.starts[row + 1] ?? 0
    for (let at = set.starts[row] ?? 0; at < end; at += 1) {
      const cell = (set.buckets[at] ?? 0) * CELL
      const value = set.values[at] ?? 0
      a += (cells[cell] ?? 0) * value
      b += (cells[cell + 1] ?? 0) * value
      c += (cells[cell + 2] ?? 0) * value
    }
    return [a, b, c]
  }

  /** One step on one row. With `only`, buckets that have a 0 there stay as they are. */
  step(
    set: FeatureTable,
    row: number,
    errors: PerClass,
    rate: number,
    decay: number,
    only?: Uint8Array,
  ): void {
    const cells = this.#cells
    const [a, b, c] = errors
    const end = set.starts[row + 1] ?? 0
    for (let at = set.starts[row] ?? 0; at < end; at += 1) {
      const bucket = set.buckets[at] ?? 0
      if (only !== undefined && only[bucket] === 0) continue
      const cell = bucket * CELL
      const value = set.values[at] ?? 0
      move(cells, cell, a * value, rate, decay)
      move(cells, cell + 1, b * value, rate, decay)
      move(cells, cell + 2, c * value, rate, decay)
    }
  }

  /** Three weights a bucket. */
  weights(): Float32Array {
    const weights = new Float32Array(BUCKETS * 3)
    for (let bucket = 0; bucket < BUCKETS; bucket += 1) {
      const cell = bucket * CELL
      weights.set(this.#cells.subarray(cell, cell + SQUARES), bucket * 3)
    }
    return weights
  }
}

function move(cells: Float32Array, at: number, slope: number, rate: number, decay: number): void {
  const weight = cells[at] ?? 0
  const gradient = slope + decay * (weight - (cells[at + ORIGIN] ?? 0))
  const square = (cells[at + SQUARES] ?? 0) + gradient * gradient
  cells[at + SQUARES] = square
  cells[at] = weight - (rate * gradient) / Math.sqrt(square)
}
