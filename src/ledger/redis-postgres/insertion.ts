import type pg from 'pg'
import { z } from 'zod'
import { teamLock } from './balances.ts'
import { COLUMNS, UNSETTLED } from './columns.ts'
import { lockUntilCommit, transact } from './database.ts'
import { NO_EPOCH } from './epoch.ts'
import { ensureMonths, forgetMonths } from './months.ts'
import { isDataError, isOfDroppedMonth } from './postgres-error.ts'

/** A row as stored in a team's stream. Cost and held are integer nano-dollars; the row is JSON. */
export interface StreamEntry {
  readonly id: string
  readonly row: string
  readonly cost: string
  readonly held: string
  readonly epoch: string
}

/** A row that Postgres rejects, and why. */
export interface Refused {
  readonly row: string
  readonly why: string
}

/** An entry that the balances lack. They count its row at `counted`: at its bound, or at 0 if they lack that too. */
export interface Late {
  readonly entry: StreamEntry
  readonly counted: number
}

/**
 * How long an insert waits for another replica that is inserting or summing rows of the same team. Milliseconds. If
 * that replica is frozen, Postgres ends its transaction later (`database.ts`).
 */
const LOCK_MS = 2_000

/** Brings balances in line with the ledger. Both must be idempotent. */
interface Alignment {
  /**
   * Books entries of an earlier epoch that were not in the ledger when the balances of `epoch` were summed:
   * Redis lacks them.
   */
  catchUp(epoch: string, late: readonly Late[]): Promise<void>
  /** Books what these requests cost instead of their bounds: Redis has forgotten that they were settled. */
  takeBack(epoch: string, settled: readonly Settled[]): Promise<void>
}

/** An entry at its bound whose row has been in the ledger at this cost. */
export interface Settled {
  readonly entry: StreamEntry
  readonly cost: number
}

const NAMES = Object.keys(COLUMNS)
const TYPED = Object.entries(COLUMNS).map(([name, type]) => `${name} ${type}`)

const INSERT = `INSERT INTO ledger (${NAMES}) SELECT ${NAMES} FROM json_to_recordset($1::json) AS line (${TYPED})
  ON CONFLICT (id, at)`

/** All columns but the label, which may have been set meanwhile and must survive the end of the request. */
const TOLD = NAMES.filter((name) => name !== 'label' && name !== 'labelled_by')

/** An existing row stays, unless it was booked at its bound and the actual outcome is now known. */
const UPSERT = `${INSERT} DO UPDATE SET (${TOLD}) = ROW (${TOLD.map((name) => `excluded.${name}`)})
  WHERE ledger.outcome = 'unsettled' AND excluded.outcome <> 'unsettled'`

/** Answers the rows that were added or corrected. */
const UPSERT_LATE = `${UPSERT} RETURNING id`

/** How a row shows that it was settled for a dead replica. Text within a row has its quotes escaped. */
const AT_BOUND = `"outcome":"${UNSETTLED.outcome}"`

/** What rows cost that are in the ledger already. */
const COSTS = `SELECT id, cost_nusd AS cost, outcome = 'unsettled' AS bound FROM ledger
  WHERE (id, at) IN (SELECT id, at FROM json_to_recordset($1::json) AS line (id text, at bigint))`

/**
 * Inserts rows of one team in one transaction, under the team's lock: two at once would block on each other's
 * sums. If Postgres rejects a row for its content, the rows are inserted one by one, so that the bad row does
 * not keep the others out. Throws when Postgres is unavailable, another replica holds the team's rows
 * (`isLocked`), or late rows could not be caught up; nothing was inserted then.
 */
export async function insertEntries(
  pool: pg.Pool,
  team: string,
  entries: readonly StreamEntry[],
  alignment: Alignment,
): Promise<readonly Refused[]> {
  try {
    await insertTogether(pool, team, entries, alignment)
    return []
  } catch (error) {
    if (isOfDroppedMonth(error)) forgetMonths(pool)
    if (!isDataError(error)) throw error
    if (entries.length === 1) return entries.map(({ row }) => ({ row, why: error.message }))
    const refused: Refused[] = []
    for (const entry of entries) refused.push(...(await insertEntries(pool, team, [entry], alignment)))
    return refused
  }
}

async function insertTogether(
  pool: pg.Pool,
  team: string,
  entries: readonly StreamEntry[],
  alignment: Alignment,
): Promise<void> {
  const lines = new Map(entries.map((entry) => [entry, lineOf(entry)]))
  await ensureMonths(
    pool,
    [...lines.values()].map(({ at }) => at),
  )
  const insert = async (client: pg.PoolClient) => {
    await lockUntilCommit(client, teamLock(team))
    const found = await client.query('SELECT epoch FROM team_epoch WHERE team = $1', [team])
    const epoch = String(found.rows[0]?.epoch ?? NO_EPOCH)
    const batch = { client, lines, epoch, alignment }
    const earlier = entries.filter((entry) => entry.epoch !== epoch)
    const current = entries.filter((entry) => entry.epoch === epoch)
    // First, as one of this epoch may correct one of them.
    await insertEarlier(batch, latestOfEach(earlier, lines))
    await insertCurrent(batch, latestOfEach(current, lines))
  }
  await transact(pool, insert, { lockMs: LOCK_MS })
}

/** One team's entries within the transaction that inserts them, under the team's lock. */
interface Batch {
  readonly client: pg.PoolClient
  readonly lines: ReadonlyMap<StreamEntry, Line>
  /** That of the balances. */
  readonly epoch: string
  readonly alignment: Alignment
}

/** Those of an epoch before the balances', which lack what the ledger has not had yet. */
async function insertEarlier(batch: Batch, entries: readonly StreamEntry[]): Promise<void> {
  if (entries.length === 0) return
  const { client, lines, epoch, alignment } = batch
  const text = textOf(batch, entries)
  const known = await costsOf(client, text)
  const { rows } = await client.query(UPSERT_LATE, [text])
  const changed = new Set(rows.map(({ id }) => String(id)))
  const late = entries.flatMap((entry) => {
    const id = lines.get(entry)?.id ?? ''
    return changed.has(id) ? [{ entry, counted: known.get(id)?.cost ?? 0 }] : []
  })
  // Before they are committed: only as long as they are not in the ledger does the next attempt know that Redis
  // lacks them.
  await alignment.catchUp(epoch, late)
}

/** Those of the balances' own epoch, which count them already: too high, if a row at its bound was settled before. */
async function insertCurrent(batch: Batch, entries: readonly StreamEntry[]): Promise<void> {
  if (entries.length === 0) return
  const { client, lines, epoch, alignment } = batch
  const atBounds = entries.filter(({ row }) => row.includes(AT_BOUND))
  if (atBounds.length > 0) {
    const known = await costsOf(client, textOf(batch, atBounds))
    const settled = atBounds.flatMap((entry) => {
      const row = known.get(lines.get(entry)?.id ?? '')
      return row === undefined || row.bound ? [] : [{ entry, cost: row.cost }]
    })
    await alignment.takeBack(epoch, settled)
  }
  await client.query(UPSERT, [textOf(batch, entries)])
}

/** Their rows as one JSON array. */
function textOf({ lines }: Batch, entries: readonly StreamEntry[]): string {
  return `[${entries.map((entry) => lines.get(entry)?.text).join()}]`
}

/** What rows of these lines cost that are in the ledger, by their ids. `bound`: only at most. */
async function costsOf(
  client: pg.PoolClient,
  text: string,
): Promise<ReadonlyMap<string, { readonly cost: number; readonly bound: boolean }>> {
  const { rows } = await client.query(COSTS, [text])
  return new Map(
    rows.map(({ id, cost, bound }) => [String(id), { cost: Number(cost), bound: bound === true }]),
  )
}

/** A row on its way into a statement: its JSON, and the fields needed beforehand. */
interface Line {
  readonly id: string
  readonly at: number
  readonly text: string
}

/**
 * How rows begin, except those settled for a dead replica. Parsing no further saves most of the cost of
 * moving a row.
 */
const BEGINNING = /^\{"id":"([^"\\]+)","at":(\d+),/
const Beginning = z.object({ id: z.string(), at: z.number() })

/** Redis wrote cost and held beside the row; they are spliced in as they are. */
function lineOf({ row, cost, held }: StreamEntry): Line {
  const text = `${row.slice(0, -1)},"cost_nusd":${Number(cost)},"held_nusd":${Number(held)}}`
  const [, id, at] = BEGINNING.exec(row) ?? []
  return id === undefined ? { ...Beginning.parse(JSON.parse(row)), text } : { id, at: Number(at), text }
}

/** A statement may not touch a row twice. Of an unsettled row and its correction, the later one wins. */
function latestOfEach(
  entries: readonly StreamEntry[],
  lines: ReadonlyMap<StreamEntry, Line>,
): readonly StreamEntry[] {
  return [...new Map(entries.map((entry) => [lines.get(entry)?.id, entry])).values()]
}
