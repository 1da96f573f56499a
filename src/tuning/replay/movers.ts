import type { PromptClass } from '../../base/prompt-class.ts'

/** One request that moves. */
export interface Mover {
  readonly id: string
  readonly team: string
  readonly from: PromptClass
  readonly to: PromptClass
  readonly confidence: number
  readonly new_confidence: number
  readonly model: string
  readonly new_model: string | null
  /** Null if unknown. */
  readonly cost_nusd: number | null
  readonly new_cost_nusd: number | null
}

/** Keeps those whose cost changes most, in either direction; among equals, the first. */
export class BiggestMovers {
  readonly #most: number
  #movers: Mover[] = []
  /** Anything not larger than this cannot make the list. */
  #least = -1

  constructor(most: number) {
    this.#most = most
  }

  add(mover: Mover): void {
    if (this.#most === 0 || (this.#movers.length >= this.#most && sizeOf(mover) <= this.#least)) return
    this.#movers.push(mover)
    if (this.#movers.length < 2 * this.#most) return
    this.#movers = [...this.list()]
    this.#least = sizeOf(this.#movers.at(-1))
  }

  list(): readonly Mover[] {
    return this.#movers.toSorted((a, b) => sizeOf(b) - sizeOf(a)).slice(0, this.#most)
  }
}

function sizeOf(mover: Mover | undefined): number {
  return Math.abs((mover?.new_cost_nusd ?? 0) - (mover?.cost_nusd ?? 0))
}
