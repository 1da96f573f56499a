import type { RequestId } from '../../base/ids.ts'
import type { NanoUsd } from '../../base/money.ts'
import type { Stake } from '../../budget/book.ts'
import type { Ask, NoRoom } from '../../budget/budget.ts'
import type { Hold } from '../ledger.ts'
import type { Closing, OpenRow } from '../row.ts'
import type { Statements } from './statements.ts'
import type { WriteQueue } from './write-queue.ts'

/** A stake in memory with its open row in the file. */
export class SqliteHold implements Hold {
  readonly id: RequestId
  readonly #row: Pick<OpenRow, 'team' | 'key' | 'at'>
  readonly #seq: number
  readonly #stake: Stake
  readonly #statements: Statements
  readonly #writes: WriteQueue

  constructor(row: OpenRow, seq: number, stake: Stake, statements: Statements, writes: WriteQueue) {
    this.id = row.id
    this.#row = { team: row.team, key: row.key, at: row.at }
    this.#seq = seq
    this.#stake = stake
    this.#statements = statements
    this.#writes = writes
  }

  get held(): NanoUsd {
    return this.#stake.held
  }

  async extend(ask: Ask): Promise<NanoUsd | NoRoom> {
    const added = this.#stake.grow(ask)
    if (typeof added === 'object' || added === 0) return added
    try {
      await this.#writeHeld()
    } catch (error) {
      this.#stake.release(added)
      throw error
    }
    return added
  }

  async settle(closing: Closing): Promise<boolean> {
    if (!this.#stake.settle(closing.cost)) return false
    const held = this.#stake.held
    await this.#writes.writeLater(() => this.#statements.close(this.#seq, held, closing), {
      ...this.#row,
      cost: closing.cost,
    })
    return true
  }

  remainingAfter(cost: NanoUsd): NanoUsd | undefined {
    return this.#stake.remainingAfter(cost)
  }

  /** Writes the amount held when the batch runs, not when the write was queued: the file follows memory. */
  #writeHeld(): Promise<void> {
    return this.#writes.writeSoon(() => this.#statements.setHeld(this.#seq, this.#stake.held))
  }
}
