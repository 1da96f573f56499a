import type pg from 'pg'
import { z } from 'zod'
import type { Clock } from '../../base/clock.ts'
import { HOUR } from '../../base/durations.ts'
import type { RequestId } from '../../base/ids.ts'
import type { Row } from '../row.ts'

/** The row that is or will be booked under a name. `booked`: the ledger is known to have it. */
const Claim = z.object({ id: z.string(), at: z.number(), booked: z.boolean() })
type Claim = z.infer<typeof Claim>

const BOOKED = 'EXISTS (SELECT 1 FROM ledger WHERE ledger.at = named.at AND ledger.id = named.id) AS booked'
const FIND = `SELECT id, at, ${BOOKED} FROM booked_once AS named WHERE name = $1`

/**
 * How long a claim may belong to a replica that died before booking its row. Another caller within that time
 * books the same row: Redis remembers the row's id for a day, and so accepts it only once. In milliseconds.
 */
const CLAIM_MS = 23 * HOUR

const CLAIM = `INSERT INTO booked_once AS named VALUES ($1, $2, $3)
  ON CONFLICT (name) DO UPDATE SET name = excluded.name RETURNING id, at, ${BOOKED}`

/** Books rows under a name, once across all replicas: Postgres keeps the name and the row it stands for. */
export class IdempotentRecord {
  readonly #pool: pg.Pool
  readonly #clock: Clock
  readonly #book: (row: Row) => Promise<void>
  /**
   * Names this replica is booking or has booked, with the time it started. Kept for as long as a claim is
   * fresh.
   */
  readonly #mine = new Map<string, number>()

  constructor(pool: pg.Pool, clock: Clock, book: (row: Row) => Promise<void>) {
    this.#pool = pool
    this.#clock = clock
    this.#book = book
  }

  async record(name: string, make: () => Promise<Row>): Promise<boolean> {
    this.#forget()
    if (this.#mine.has(name)) return false
    this.#mine.set(name, this.#clock.now())
    try {
      return await this.#record(name, make)
    } catch (error) {
      this.#mine.delete(name)
      throw error
    }
  }

  async #record(name: string, make: () => Promise<Row>): Promise<boolean> {
    const [known] = (await this.#pool.query(FIND, [name])).rows
    if (known !== undefined && this.#isOver(Claim.parse(known))) return false
    const row = await make()
    const claim = Claim.parse((await this.#pool.query(CLAIM, [name, row.id, row.at])).rows[0])
    if (this.#isOver(claim)) return false
    await this.#book({ ...row, id: claim.id as RequestId, at: claim.at })
    return claim.id === row.id
  }

  #isOver({ at, booked }: Claim): boolean {
    return booked || this.#clock.now() - at >= CLAIM_MS
  }

  /** Relies on insertion order: the oldest come first. */
  #forget(): void {
    for (const [name, since] of this.#mine) {
      if (this.#clock.now() - since < CLAIM_MS) return
      this.#mine.delete(name)
    }
  }
}
