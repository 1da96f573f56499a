import type pg from 'pg'
import { z } from 'zod'
import { HOUR } from '../../../base/durations.ts'
import { wordsIn } from '../../../capture/kept-prompt.ts'
import { languageOf } from '../../../capture/language.ts'
import { cacheLossOf, IN_CONVERSATION, SAMPLE_ROWS, TURN_COLUMNS, TurnLine } from '../../cache-loss.ts'
import { DECIDED } from '../../decision-line.ts'
import { LabelEntry } from '../../label-book.ts'
import { LABELLED_COLUMNS, LabelledGroups, LabelledLine } from '../../labelled-group.ts'
import { LedgerLine, LINE_COLUMNS } from '../../line.ts'
import { LISTED_COLUMNS, listedRow } from '../../listed-row.ts'
import { SpendLine } from '../../reader.ts'
import { BadCursor, type LedgerViews, LOOK_MS } from '../../views.ts'
import { openDatabase } from '../database.ts'
import { openPostgresLabelBook } from '../label-book.ts'
import { storeErrorOf } from '../postgres-error.ts'
import { spendQuery } from '../spend.ts'
import { countWindow } from './counted-window.ts'
import { keyUses } from './key-use.ts'
import { reviewRows } from './review-queue.ts'
import { RowList } from './row-list.ts'

/** Statement timeout. */
const STATEMENT_MS = 2_000
const NEARBY_MS = 2 * HOUR
const NEIGHBOURS = 20
/** Limits of the search for neighbours and conversation turns: the nearest rows, and the newest. */
const NEARBY_ROWS = 5_000
const SAMPLED_ROWS = 5 * SAMPLE_ROWS
/** Few requests take longer than this. */
const LONGEST_MS = 600_000
const LABELLED_AT_ONCE = 250

const ENDED = `SELECT ${LISTED_COLUMNS} FROM ledger WHERE at >= $1 AND at + ms_total >= $2
  ORDER BY at DESC, id DESC LIMIT 200`

/** Views of the ledger in Postgres, on connections of their own that only read. Throws a `StoreError`. */
export async function openPostgresViews(url: string): Promise<LedgerViews> {
  const labels = await openPostgresLabelBook(url)
  const pool = openDatabase(url, { statementMs: STATEMENT_MS, readOnly: true })
  const keptSince = async () => Number((await pool.query('SELECT since FROM kept')).rows[0]?.since ?? 0)
  const lists = new RowList(pool, wordsIn, keptSince)
  const telling = <Answer>(asked: Promise<Answer>): Promise<Answer> =>
    asked.catch((error: unknown) => {
      throw error instanceof BadCursor ? error : storeErrorOf(url, error)
    })
  const spend: LedgerViews['spend'] = async (by, filter) => {
    const whose = [filter.team, filter.key].filter((name) => name !== undefined)
    const { rows } = await pool.query(spendQuery(by, filter, await keptSince()), whose)
    return rows.map((line) => SpendLine.parse(line))
  }
  const ended: LedgerViews['ended'] = async (since) => {
    const { rows } = await pool.query(ENDED, [Math.max(0, since - LONGEST_MS), since])
    return rows.map((row) => listedRow(row, wordsIn))
  }
  return {
    list: (filter, limit, cursor) => telling(lists.list(filter, limit, cursor)),
    row: (id) => telling(rowInFull(pool, id)),
    count: (window) => telling(countWindow(pool, window)),
    cacheSample: (filter) => telling(sampleOf(pool, filter)),
    review: (filter, limit, cursor) => telling(reviewRows(pool, filter, limit, cursor)),
    labelled: (filter) => telling(labelledGroups(pool, filter)),
    label: (labelling) => labels.label(labelling),
    labels: (id) => labels.entries(id),
    keyUses: (team) => telling(keyUses(pool, team)),
    spend: (by, filter) => telling(spend(by, filter)),
    export: (filter, format, cursor) => telling(lists.export(filter, format, cursor)),
    ended: (since) => telling(ended(since)),
    close: async () => {
      await Promise.all([pool.end(), labels.close()])
    },
  }
}

async function rowInFull(pool: pg.Pool, id: string) {
  const [found] = (await pool.query(`SELECT ${LINE_COLUMNS} FROM ledger WHERE id = $1`, [id])).rows
  if (found === undefined) return undefined
  const row = LedgerLine.parse(found)
  const said = await pool.query(
    'SELECT at, id, before, label, who FROM label_log WHERE id = $1 ORDER BY seq',
    [id],
  )
  const conversation = row.conversation === null ? [] : await neighbours(pool, row)
  return { row, labels: said.rows.map((entry) => LabelEntry.parse(entry)), conversation }
}

async function neighbours(pool: pg.Pool, { at, id, team, conversation }: LedgerLine) {
  const search = async (side: string, order: 'ASC' | 'DESC') => {
    const { rows } = await pool.query(
      `SELECT ${LISTED_COLUMNS} FROM (
         SELECT * FROM ledger WHERE team = $1 AND at >= $3 AND at <= $4 AND (at, id) ${side} ($5, $6)
         ORDER BY at ${order}, id ${order} LIMIT ${NEARBY_ROWS}) AS nearby
       WHERE conversation = $2 ORDER BY at ${order}, id ${order} LIMIT ${NEIGHBOURS}`,
      [team, conversation, at - NEARBY_MS, at + NEARBY_MS, at, id],
    )
    return rows.map((row) => listedRow(row, wordsIn))
  }
  return [...(await search('<', 'DESC')).toReversed(), ...(await search('>', 'ASC'))]
}

async function sampleOf(pool: pg.Pool, { team, since = 0 }: Parameters<LedgerViews['cacheSample']>[0]) {
  const { rows } = await pool.query(
    `SELECT * FROM (
       SELECT ${TURN_COLUMNS} FROM ledger WHERE at >= $1 ${team === undefined ? '' : 'AND team = $2'}
       ORDER BY at DESC LIMIT ${SAMPLED_ROWS}) AS newest
     WHERE ${IN_CONVERSATION} ORDER BY at DESC LIMIT ${SAMPLE_ROWS}`,
    [Math.max(0, since), ...(team === undefined ? [] : [team])],
  )
  return cacheLossOf(z.array(TurnLine).parse(rows), since)
}

/** In small batches: rows are parsed on the event loop that serves requests. */
async function labelledGroups(pool: pg.Pool, { team, since = 0 }: Parameters<LedgerViews['labelled']>[0]) {
  const deadline = performance.now() + LOOK_MS
  const groups = new LabelledGroups()
  const whose = team === undefined ? [] : [team]
  let position: { readonly at: number; readonly id: string } = { at: Number.MAX_SAFE_INTEGER, id: '' }
  for (;;) {
    const { rows } = await pool.query(
      `SELECT at, id, ${LABELLED_COLUMNS} FROM ledger WHERE label IS NOT NULL AND at >= $1 AND (at, id) < ($2, $3)
       ${team === undefined ? '' : 'AND team = $4'} AND ${DECIDED} ORDER BY at DESC, id DESC LIMIT ${LABELLED_AT_ONCE}`,
      [Math.max(0, since), position.at, position.id, ...whose],
    )
    for (const { at, id, ...columns } of rows) {
      const { prompt, ...line } = LabelledLine.parse(columns)
      groups.add(line, languageOf((prompt !== null && wordsIn(prompt)) || ''))
      position = { at: Number(at), id: String(id) }
    }
    if (rows.length < LABELLED_AT_ONCE) return { groups: groups.list(), complete: true }
    if (performance.now() >= deadline) return { groups: groups.list(), complete: false }
  }
}
