import { MOST, ZERO } from '../../base/money.ts'
import { Book } from '../../budget/book.ts'
import type { Ask, Balance, Budget, NoRoom } from '../../budget/budget.ts'
import type { Span } from '../../budget/window.ts'
import type { Hold, Ledger } from '../ledger.ts'
import type { OpenRow, Row } from '../row.ts'
import { Checkpoints } from './checkpoints.ts'
import { SqliteHold } from './hold.ts'
import { openStore, type Store } from './open.ts'
import { broughtForward, foldRest, lastSeq, settleOpenRows } from './recover.ts'
import { SEQ_PER_MS } from './schema.ts'
import { DISPLACED, storeErrorOf } from './sqlite-error.ts'
import { prepareStatements, type Statements } from './statements.ts'
import { type Fold, prepareFold } from './tally.ts'
import { WriteQueue } from './write-queue.ts'

/**
 * Opens the embedded ledger: settles the rows of a dead process at what they held, then loads balances from
 * the tallies and the rows not yet tallied. Throws a `StoreError` that names the file and the cause.
 */
export function openLedger(file: string): Ledger {
  return ledgerOf(openStore(file))
}

/** The ledger in an open store, which the ledger closes. */
export function ledgerOf(store: Store, checkpoints = new Checkpoints(store)): Ledger {
  try {
    return new SqliteLedger(store, checkpoints)
  } catch (error) {
    store.close()
    throw storeErrorOf(store.file, error)
  }
}

/**
 * Rows between two updates of the tallies. An update takes a tenth of a millisecond, in the transaction of
 * the rows.
 */
const ROWS_UNTIL_FOLD = 64

/**
 * Balances live in memory and change synchronously with the call; rows follow, all rows of an event-loop turn
 * in one transaction. A crash loses only what no caller has been told of yet.
 */
class SqliteLedger implements Ledger {
  readonly #store: Store
  readonly #checkpoints: Checkpoints
  readonly #statements: Statements
  readonly #writes: WriteQueue
  readonly #book: Book
  readonly #fold: Fold
  /** Names whose rows are being made. */
  readonly #making = new Set<string>()
  #lastSeq: number
  #unfolded = 0

  constructor(store: Store, checkpoints: Checkpoints) {
    const { database } = store
    this.#store = store
    this.#checkpoints = checkpoints
    settleOpenRows(database)
    this.#fold = prepareFold(database)
    foldRest(this.#fold)
    this.#book = new Book((team, key, span) => this.#sumOfRows(team, key, span))
    for (const { team, key, at, spent } of broughtForward(database))
      this.#book.bringForward(team, key, at, spent)
    this.#lastSeq = lastSeq(database)
    this.#statements = prepareStatements(database)
    this.#writes = new WriteQueue(store, checkpoints)
  }

  async hold(open: OpenRow, budgets: readonly Budget[], ask: Ask): Promise<Hold | NoRoom> {
    const stake = this.#book.take(open, budgets, ask)
    if ('refused' in stake) return stake
    const seq = this.#nextSeq(open.at)
    try {
      await this.#writes.writeSoon(() => this.#statements.insertOpen(seq, stake.held, open))
    } catch (error) {
      stake.settle(ZERO)
      throw error
    }
    return new SqliteHold(open, seq, stake, this.#statements, this.#writes)
  }

  async record(row: Row): Promise<void> {
    await this.#record(row, undefined)
  }

  async recordOnce(name: string, make: () => Promise<Row>): Promise<boolean> {
    if (this.#making.has(name) || this.#statements.isKept(name)) return false
    this.#making.add(name)
    try {
      await this.#record(await make(), name)
      return true
    } finally {
      this.#making.delete(name)
    }
  }

  async #record(row: Row, name: string | undefined): Promise<void> {
    const { team, key, at, cost } = row
    const seq = this.#nextSeq(at)
    const insert = () => {
      if (name !== undefined) this.#statements.keepName(name, row.id)
      this.#statements.insertClosed(seq, row)
    }
    if (cost === 0) return this.#writes.writeLater(insert)
    this.#book.book(row, cost)
    try {
      await this.#writes.writeLater(insert, { team, key, at, cost })
    } catch (error) {
      this.#book.unbook(row, cost)
      throw error
    }
  }

  balances(budgets: readonly Budget[], at: number): readonly Balance[] {
    return this.#book.balances(budgets, at)
  }

  health(): { readonly ok: true } | { readonly ok: false; readonly why: string } {
    const { problem } = this.#writes
    if (problem !== undefined) return { ok: false, why: problem.message }
    const { file } = this.#store
    return this.#store.isInPlace() ? { ok: true } : { ok: false, why: `${file}: ${DISPLACED}` }
  }

  async close(): Promise<void> {
    if (!this.#store.database.isOpen) return
    const unwritten = this.#writes.close()
    await this.#checkpoints.close()
    if (this.#store.database.isOpen) this.#store.close()
    if (unwritten !== undefined) throw unwritten
  }

  /** Greater than that of every earlier row, and never below the row's time: see `schema.ts`. */
  #nextSeq(at: number): number {
    this.#lastSeq = Math.max(this.#lastSeq + 1, at * SEQ_PER_MS)
    this.#unfolded += 1
    if (this.#unfolded >= ROWS_UNTIL_FOLD) this.#foldSome()
    return this.#lastSeq
  }

  /** Tallies twice as many rows as have come, to catch up after a long request has blocked the tallies. */
  #foldSome(): void {
    this.#unfolded = 0
    // If this fails, the tallies lag behind and catch up later.
    this.#writes.writeLater(() => this.#fold(2 * ROWS_UNTIL_FOLD)).catch(() => undefined)
  }

  /** The closed rows of a window: those in the file and those not yet written. */
  #sumOfRows(team: string, key: string | undefined, span: Span): number {
    let sum = this.#statements.sumOf(team, key, span)
    for (const booked of this.#writes.booked()) {
      const inSpan = booked.at >= span.start && (span.end === null || booked.at < span.end)
      if (inSpan && booked.team === team && (key === undefined || booked.key === key)) sum += booked.cost
    }
    return Math.min(MOST, sum)
  }
}
