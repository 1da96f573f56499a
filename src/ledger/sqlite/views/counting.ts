import type { DatabaseSync } from 'node:sqlite'
import { DAY } from '../../../base/durations.ts'
import { SPAN } from '../../counted.ts'
import { SEQ_PER_MS } from '../schema.ts'
import { isBusy } from '../sqlite-error.ts'
import { daySpan, forget } from './count-file.ts'
import { type Counter, prepareCounter } from './counter.ts'

/** Rows counted per transaction: some tens of milliseconds. */
const ROWS_AT_ONCE = 20_000
/** As far back as any page looks; older rows are not counted for the console. */
const REACH_MS = 31 * DAY
/** After a backlog longer than this, the newest rows are counted first. */
const FRESH_MS = 600_000

interface Stretch {
  readonly low: number
  readonly high: number
}

/**
 * Keeps the counts in step with the growing ledger: ended rows are counted exactly once, in whatever order
 * they end and whenever this process dies. After downtime it starts with the newest rows and works back to
 * those already counted.
 */
export class Counting {
  readonly #database: DatabaseSync
  readonly #counter: Counter
  readonly #now: () => number
  readonly #statements
  /** Rows up to this position are too old to be counted. */
  #reach = -1
  #prunedAt = 0

  constructor(database: DatabaseSync, now: () => number) {
    this.#database = database
    this.#now = now
    if (!this.#isOfThisLedger()) forget(database)
    this.#counter = prepareCounter(database)
    this.#statements = {
      newest: database.prepare('SELECT coalesce(max(seq), -1) AS seq FROM ledger'),
      marks: database.prepare('SELECT low, high FROM mark ORDER BY high DESC LIMIT 2'),
      idAt: database.prepare('SELECT id FROM ledger WHERE seq = ?'),
      above: database.prepare(
        `SELECT max(seq) AS seq FROM (SELECT seq FROM ledger WHERE seq > ? ORDER BY seq LIMIT ${ROWS_AT_ONCE})`,
      ),
      below: database.prepare(
        `SELECT min(seq) AS seq, count(*) AS rows FROM (
           SELECT seq FROM ledger WHERE seq <= ? AND seq > ? ORDER BY seq DESC LIMIT ${ROWS_AT_ONCE})`,
      ),
      open: database.prepare(
        'INSERT OR IGNORE INTO waiting SELECT seq FROM ledger WHERE seq > ? AND seq <= ? AND outcome IS NULL',
      ),
      ended: database.prepare(
        `SELECT waiting.seq AS seq FROM waiting LEFT JOIN ledger ON ledger.seq = waiting.seq
         WHERE ledger.seq IS NULL OR outcome IS NOT NULL`,
      ),
      notWaiting: database.prepare('DELETE FROM waiting WHERE seq IN (SELECT value FROM json_each(?))'),
      begin: database.prepare('INSERT INTO mark VALUES (?, ?, ?)'),
      raise: database.prepare('UPDATE mark SET high = ?, high_id = ? WHERE high = ?'),
      lower: database.prepare('UPDATE mark SET low = ? WHERE high = ?'),
      drop: database.prepare('DELETE FROM mark WHERE high = ?'),
    }
  }

  /**
   * Counts until everything within reach is counted, the deadline has passed, or another process turns out to
   * be counting. Returns whether everything is counted.
   */
  count(deadline: number): boolean {
    try {
      return this.#countUntil(deadline)
    } catch (error) {
      if (isBusy(error)) return false
      throw error
    }
  }

  #countUntil(deadline: number): boolean {
    this.#prune()
    this.#transact(() => this.#countEnded())
    let more = true
    while (more) {
      more = this.#transact(() => this.#step())
      if (more && performance.now() >= deadline) return false
    }
    return true
  }

  /** All rows since this time have been counted, except open ones. Milliseconds since the epoch. */
  countedFrom(): number {
    const [top] = this.#marks()
    const newest = Number(this.#statements.newest.get()?.seq)
    if (top === undefined || top.high < newest) return newest < 0 ? 0 : Math.ceil(newest / SEQ_PER_MS)
    return top.low <= this.#reach ? 0 : Math.ceil((top.low + 1) / SEQ_PER_MS)
  }

  #marks(): readonly Stretch[] {
    return this.#statements.marks.all().map(({ low, high }) => ({ low: Number(low), high: Number(high) }))
  }

  /** Counts one stretch of rows; returns whether there is more to count. */
  #step(): boolean {
    const newest = Number(this.#statements.newest.get()?.seq)
    const [top, next] = this.#marks()
    if (newest < 0) return false
    if (top === undefined || newest - top.high > FRESH_MS * SEQ_PER_MS) {
      this.#statements.begin.run(newest, newest, this.#idAt(newest))
      return true
    }
    if (top.high < newest) {
      this.#countUp(top)
      return true
    }
    const floor = Math.max(this.#reach, next?.high ?? -1)
    return top.low > floor && this.#countDown(top, next, floor)
  }

  #countUp(top: Stretch): void {
    const high = Number(this.#statements.above.get(top.high)?.seq)
    this.#countStretch(top.high, high)
    this.#statements.raise.run(high, this.#idAt(high), top.high)
  }

  #countDown(top: Stretch, next: Stretch | undefined, floor: number): boolean {
    const { seq, rows } = this.#statements.below.get(top.low, floor) ?? {}
    const isLast = Number(rows) < ROWS_AT_ONCE
    const low = isLast ? floor : Number(seq) - 1
    if (Number(rows) > 0) this.#countStretch(low, top.low)
    if (isLast && next !== undefined) {
      this.#statements.drop.run(next.high)
      this.#statements.lower.run(next.low, top.high)
    } else this.#statements.lower.run(low, top.high)
    return !isLast || (next !== undefined && next.low > this.#reach)
  }

  #countStretch(low: number, high: number): void {
    this.#statements.open.run(low, high)
    this.#counter.countStretch(low, high)
  }

  /** Once a day, deletes counts that no page shows any more. */
  #prune(): void {
    const now = this.#now()
    if (now - this.#prunedAt < DAY) return
    this.#prunedAt = now
    const since = Math.max(0, now - REACH_MS)
    this.#reach = since * SEQ_PER_MS - 1
    const [hour, day] = [Math.floor(since / SPAN), Math.floor(since / DAY)]
    const old = `(span >= 0 AND span < ${hour}) OR (span < 0 AND span > ${daySpan(String(day))})`
    this.#transact(() =>
      this.#database.exec(
        ['usage', 'shape', 'pick'].map((table) => `DELETE FROM ${table} WHERE ${old};`).join(' '),
      ),
    )
  }

  #countEnded(): void {
    const seqs = this.#statements.ended.all().map(({ seq }) => Number(seq))
    if (seqs.length === 0) return
    this.#counter.countList(seqs)
    this.#statements.notWaiting.run(JSON.stringify(seqs))
  }

  #idAt(seq: number): string | null {
    const id = this.#statements.idAt.get(seq)?.id
    return id === undefined ? null : String(id)
  }

  /**
   * False if a backup has replaced the ledger or a power cut took its newest rows: then no count is valid.
   */
  #isOfThisLedger(): boolean {
    const wrong = this.#database.prepare(
      `SELECT 1 FROM mark LEFT JOIN ledger ON seq = high
       WHERE id IS NOT high_id AND (id IS NOT NULL OR high >= (SELECT since FROM kept) * ${SEQ_PER_MS})`,
    )
    return wrong.get() === undefined
  }

  /**
   * Exclusive, from before the marks are read: a command that runs a look while a server counts must not
   * count the same rows.
   */
  #transact<Answer>(change: () => Answer): Answer {
    this.#database.exec('BEGIN IMMEDIATE')
    try {
      const answer = change()
      this.#database.exec('COMMIT')
      return answer
    } catch (error) {
      if (this.#database.isTransaction) this.#database.exec('ROLLBACK')
      throw error
    }
  }
}
