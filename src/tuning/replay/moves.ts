/** Requests that would go elsewhere. Money is in nano-dollars. */
export interface Move {
  readonly from: string
  readonly to: string
  readonly rows: number
  /** Of those priced on both sides: what they cost, and what the same tokens would cost. */
  readonly priced: number
  readonly cost_nusd: number
  readonly new_cost_nusd: number
}

/** What one request cost, and what its tokens would cost elsewhere. */
export interface Change {
  readonly cost: number
  readonly newCost: number
}

/** Counts moves by origin and destination. */
export class Moves {
  readonly #moves = new Map<string, Move>()

  add(from: string, to: string, change: Change | undefined): void {
    const name = `${from} ${to}`
    const { rows, priced, cost_nusd, new_cost_nusd } = this.#moves.get(name) ?? NO_ROWS
    this.#moves.set(name, {
      from,
      to,
      rows: rows + 1,
      priced: priced + (change === undefined ? 0 : 1),
      cost_nusd: cost_nusd + (change?.cost ?? 0),
      new_cost_nusd: new_cost_nusd + (change?.newCost ?? 0),
    })
  }

  /** Largest first. */
  list(): readonly Move[] {
    return [...this.#moves.values()].sort(
      (a, b) => b.rows - a.rows || (a.from + a.to < b.from + b.to ? -1 : 1),
    )
  }
}

const NO_ROWS = { rows: 0, priced: 0, cost_nusd: 0, new_cost_nusd: 0 }
