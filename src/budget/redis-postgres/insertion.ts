import type pg from 'pg'
import { z } from 'zod'
import { teamLock } from './balances.ts'
import { COLUMNS } from './columns.ts'
import { transact } from './database.ts'
import { ensureMonths, forgetMonths } from './months.ts'

/** A row as it stands in a team's stream. Cost and held are integers of nano-dollars, the row is JSON. */
export interface Entry {
  readonly id: string
  readonly row: string
  readonly cost: string
  readonly held: string
  readonly epoch: string
}

export interface Inserted {
  /** The epoch of the team's balances that the rows now count in. */
  readonly epoch: string
  /** Entries of an epoch before that were not yet in the ledger when its balances were summed: Redis lacks them. */
  readonly late: readonly Entry[]
  /** Rows that Postgres does not take, and why. */
  readonly refused: readonly { readonly row: string; readonly why: string }[]
}

const NAMES = Object.keys(COLUMNS)
const TYPED = Object.entries(COLUMNS).map(([name, type]) => `${name} ${type}`)

const INSERT = `INSERT INTO ledger (${NAMES}) SELECT ${NAMES} FROM json_to_recordset($1::json) AS line (${TYPED})
  ON CONFLICT (id, at)`

/** A label that somebody has given meanwhile is nothing that a request's end knows of. */
const TOLD = NAMES.filter((name) => name !== 'label' && name !== 'labelled_by')

/** What is there stays, but for a row that stood at its bound, once the truth is known. */
const UPSERT = `${INSERT} DO UPDATE SET (${TOLD}) = ROW (${TOLD.map((name) => `excluded.${name}`)})
  WHERE ledger.outcome = 'unsettled' AND excluded.outcome <> 'unsettled'`

const INSERT_NEW = `${INSERT} DO NOTHING RETURNING id`

/**
 * Inserts rows of one team in one transaction, alone: two at once would wait for each other's sums. One that Postgres refuses for its own sake must not keep its neighbours
 * out: then they go one by one. Throws when Postgres is away; nothing was inserted then.
 */
export async function insertEntries(
  pool: pg.Pool,
  team: string,
  entries: readonly Entry[],
): Promise<Inserted> {
  try {
    return await insertTogether(pool, team, entries)
  } catch (error) {
    if (isOfDroppedMonth(error)) forgetMonths(pool)
    if (!isDataError(error)) throw error
    if (entries.length === 1)
      return { epoch: '', late: [], refused: entries.map(({ row }) => ({ row, why: error.message })) }
    const parts: Inserted[] = []
    for (const entry of entries) parts.push(await insertEntries(pool, team, [entry]))
    return {
      epoch: parts.find(({ epoch }) => epoch !== '')?.epoch ?? '',
      late: parts.flatMap(({ late }) => late),
      refused: parts.flatMap(({ refused }) => refused),
    }
  }
}

async function insertTogether(pool: pg.Pool, team: string, entries: readonly Entry[]): Promise<Inserted> {
  const lines = new Map(entries.map((entry) => [entry, lineOf(entry)]))
  await ensureMonths(
    pool,
    [...lines.values()].map(({ at }) => at),
  )
  return transact(pool, async (client) => {
    await client.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [teamLock(team)])
    const found = await client.query('SELECT epoch FROM team_epoch WHERE team = $1', [team])
    const epoch = String(found.rows[0]?.epoch ?? '')
    const textOf = (some: readonly Entry[]) => `[${some.map((entry) => lines.get(entry)?.text).join()}]`
    const current = entries.filter((entry) => entry.epoch === epoch)
    await client.query(UPSERT, [textOf(latestOfEach(current, lines))])
    const before = entries.filter((entry) => entry.epoch !== epoch)
    if (before.length === 0) return { epoch, late: [], refused: [] }
    const { rows } = await client.query(INSERT_NEW, [textOf(latestOfEach(before, lines))])
    const added = new Set(rows.map(({ id }) => String(id)))
    const late = before.filter((entry) => added.has(lines.get(entry)?.id ?? ''))
    return { epoch, late, refused: [] }
  })
}

/** A row on its way into a statement: as JSON, and what has to be known of it before. */
interface Line {
  readonly id: string
  readonly at: number
  readonly text: string
}

/** How rows begin that were not settled for a dead replica: reading no further saves most of what moving one costs. */
const BEGINNING = /^\{"id":"([^"\\]+)","at":(\d+),/
const Beginning = z.object({ id: z.string(), at: z.number() })

/** Redis wrote cost and held beside the row: they are put into it as they stand. */
function lineOf({ row, cost, held }: Entry): Line {
  const text = `${row.slice(0, -1)},"cost_nusd":${Number(cost)},"held_nusd":${Number(held)}}`
  const [, id, at] = BEGINNING.exec(row) ?? []
  return id === undefined ? { ...Beginning.parse(JSON.parse(row)), text } : { id, at: Number(at), text }
}

/** One statement may not touch a row twice: of an unsettled row and its correction, the later one stands. */
function latestOfEach(entries: readonly Entry[], lines: ReadonlyMap<Entry, Line>): readonly Entry[] {
  return [...new Map(entries.map((entry) => [lines.get(entry)?.id, entry])).values()]
}

/** Of the classes 22 (data exception) and 23 (integrity): the row is at fault, not the database. */
function isDataError(error: unknown): error is Error {
  return (
    error instanceof Error && 'code' in error && /^2[23]/.test(String(error.code)) && !isOfDroppedMonth(error)
  )
}

/** A check that fails is that of the partitions: there is no other. The next attempt makes the month anew. */
function isOfDroppedMonth(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === '23514'
}
