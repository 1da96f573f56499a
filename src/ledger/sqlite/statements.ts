import type { DatabaseSync, SQLInputValue } from 'node:sqlite'
import { DAY, HOUR } from '../../base/durations.ts'
import type { Span } from '../../budget/window.ts'
import type { Closing, OpenRow, Row } from '../row.ts'
import { boundedSum } from './bounded-sum.ts'
import { UNTALLIED } from './tally.ts'

/** Every statement the ledger runs on its file while serving, prepared once. */
export interface Statements {
  insertOpen(seq: number, held: number, row: OpenRow): void
  close(seq: number, held: number, closing: Closing): void
  setHeld(seq: number, held: number): void
  insertClosed(seq: number, row: Row): void
  /** Records the name a row is booked under; fails if the name is already taken. */
  keepName(name: string, id: string): void
  isKept(name: string): boolean
  /** The total cost of all closed rows of a team, or of one of its keys, in a window. */
  sumOf(team: string, key: string | undefined, span: Span): number
}

/** Prepares them for an open file. Each runs in the caller's transaction and throws SQLite's own errors. */
export function prepareStatements(database: DatabaseSync): Statements {
  const insertOpen = database.prepare(insertion([...OPENING, ...PLACE]))
  const insertClosed = database.prepare(insertion([...OPENING, ...PLACE, ...ENDING]))
  const changes = [...PLACE, ...ENDING, 'held_nusd'].map((column) => `${column} = ?`)
  const close = database.prepare(
    `UPDATE ledger SET ${changes.join(', ')}, evidence = coalesce(?, evidence) WHERE seq = ?`,
  )
  const setHeld = database.prepare('UPDATE ledger SET held_nusd = ? WHERE seq = ?')
  const keepName = database.prepare('INSERT INTO booked_once (name, id) VALUES (?, ?)')
  const findName = database.prepare('SELECT 1 FROM booked_once WHERE name = ?')
  const sumByHour = database.prepare(summing('tally_hour', 'hour'))
  const sumByDay = database.prepare(summing('tally_day', 'day'))
  return {
    insertOpen: (seq, held, row) => {
      insertOpen.run(...opening(seq, held, row), row.target, row.upstream)
    },
    close: (seq, held, closing) => {
      const evidence = closing.fullerEvidence ?? null
      close.run(closing.target, closing.upstream, ...ending(closing), held, evidence, seq)
    },
    setHeld: (seq, held) => {
      setHeld.run(held, seq)
    },
    insertClosed: (seq, row) => {
      insertClosed.run(...opening(seq, row.held, row), row.target, row.upstream, ...ending(row))
    },
    keepName: (name, id) => {
      keepName.run(name, id)
    },
    isKept: (name) => findName.get(name) !== undefined,
    sumOf: (team, key, { start, end }) => {
      const from = Math.max(0, start)
      const until = end ?? Number.MAX_SAFE_INTEGER
      const [sum, length] = until - from < DAY ? [sumByHour, HOUR] : [sumByDay, DAY]
      const stretch = [Math.floor(from / length), Math.ceil(until / length), from, until]
      return Number(sum.get(...stretch, team, key ?? null)?.spent)
    },
  }
}

/** All windows start and end on whole hours, and all but hourly ones on whole days. */
function summing(table: string, column: string): string {
  return `SELECT ${boundedSum('cost_nusd')} AS spent FROM (
      SELECT team, key, cost_nusd FROM ${table} WHERE ${column} >= ?1 AND ${column} < ?2
      UNION ALL SELECT team, key, cost_nusd FROM ledger WHERE ${UNTALLIED} AND at >= ?3 AND at < ?4 AND outcome IS NOT NULL
    ) WHERE team = ?5 AND key = coalesce(?6, key)`
}

function insertion(columns: readonly string[]): string {
  return `INSERT INTO ledger (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')})`
}

const OPENING = [
  'seq',
  'held_nusd',
  'id',
  'at',
  'team',
  'key',
  'endpoint',
  'stream',
  'requested_model',
  'class',
  'confidence',
  'cause',
  'evidence',
  'rules_version',
  'weights_version',
  'conversation',
  'prompt',
]

function opening(seq: number, held: number, row: OpenRow): SQLInputValue[] {
  return [
    seq,
    held,
    row.id,
    row.at,
    row.team,
    row.key,
    row.endpoint,
    row.stream ? 1 : 0,
    row.requestedModel,
    row.class,
    row.confidence,
    row.cause,
    row.evidence,
    row.rulesVersion,
    row.weightsVersion,
    row.conversation,
    row.prompt,
  ]
}

/** Known when a row is opened, corrected when it is closed. */
const PLACE = ['target', 'upstream']

const ENDING = [
  'outcome',
  'status',
  'error_code',
  'answered_model',
  'attempts',
  'adapted',
  'input_tokens',
  'cached_tokens',
  'output_tokens',
  'reasoning_tokens',
  'usage_source',
  'cost_nusd',
  'baseline_nusd',
  'ms_to_first_byte',
  'ms_total',
  'ms_proxy',
]

function ending(closing: Closing): SQLInputValue[] {
  return [
    closing.outcome,
    closing.status,
    closing.errorCode,
    closing.answeredModel,
    closing.attempts,
    closing.adapted,
    closing.inputTokens,
    closing.cachedTokens,
    closing.outputTokens,
    closing.reasoningTokens,
    closing.usageSource,
    closing.cost,
    closing.baseline,
    closing.msToFirstByte,
    closing.msTotal,
    closing.msProxy,
  ]
}
