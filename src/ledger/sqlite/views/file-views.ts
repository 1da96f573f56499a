import type { DatabaseSync } from 'node:sqlite'
import { HOUR } from '../../../base/durations.ts'
import { PROMPT_CLASSES } from '../../../base/prompt-class.ts'
import { wordsIn } from '../../../capture/kept-prompt.ts'
import { languageOf } from '../../../capture/language.ts'
import { cacheLossOf, IN_CONVERSATION, SAMPLE_ROWS, TURN_COLUMNS, TurnLine } from '../../cache-loss.ts'
import { DECIDED } from '../../decision-line.ts'
import { LABELLED_COLUMNS, LabelledGroups, LabelledLine } from '../../labelled-group.ts'
import { LedgerLine, LINE_COLUMNS } from '../../line.ts'
import { LISTED_COLUMNS, type ListedRow, listedRow } from '../../listed-row.ts'
import { type Grouping, type SpendFilter, SpendLine } from '../../reader.ts'
import {
  type CacheSample,
  type Counted,
  type CountWindow,
  type KeyUse,
  type ListFilter,
  LOOK_MS,
  type RowInFull,
} from '../../views.ts'
import { type LabelPen, openLabelPen } from '../label-book.ts'
import { seqOf } from '../row-seq.ts'
import { SEQ_PER_MS } from '../schema.ts'
import { spendQuery } from '../spend.ts'
import { openCountFile } from './count-file.ts'
import { prepareWindow } from './counted-window.ts'
import { Counting } from './counting.ts'
import { Glance, glanced } from './glance.ts'
import { keyUses } from './key-use.ts'
import { ReviewQueue } from './review-queue.ts'
import { RowList } from './row-list.ts'

/**
 * Limits of the search for a row's conversation in each direction: milliseconds of time, milliseconds of
 * work, and rows.
 */
const NEARBY_MS = 2 * HOUR
const NEARBY_LOOK_MS = 40
const NEIGHBOURS = 20
/** Time budget for a savings sample: the page also waits for its sums. */
const SAMPLE_MS = 40

/** Every view of one ledger's file, synchronous; meant for a thread of its own. */
export class FileViews {
  readonly counting: Counting
  readonly lists: RowList
  readonly queue: ReviewQueue
  readonly count: (window: CountWindow) => Counted
  readonly pen: LabelPen
  readonly #database: DatabaseSync
  readonly #glance: Glance

  constructor(file: string, now: () => number) {
    this.#database = openCountFile(file)
    this.#glance = new Glance(this.#database)
    this.counting = new Counting(this.#database, now)
    this.lists = new RowList(this.#database, this.#glance, wordsIn)
    this.queue = new ReviewQueue(this.#database, this.#glance, this.counting, wordsIn)
    this.count = prepareWindow(this.#database, this.counting)
    this.pen = openLabelPen(file)
  }

  row(id: string): RowInFull | undefined {
    const found = this.#database
      .prepare(`SELECT seq, ${LINE_COLUMNS} FROM ledger WHERE seq = (${seqOf(id)})`)
      .get({ id })
    if (found === undefined) return undefined
    const { seq, ...columns } = found
    const row = LedgerLine.parse(columns)
    const conversation = row.conversation === null ? [] : this.#neighbours(Number(seq), row)
    return { row, labels: this.pen.entries(id), conversation }
  }

  #neighbours(seq: number, { at, conversation, team }: LedgerLine): readonly ListedRow[] {
    const search = (span: string, order: 'ASC' | 'DESC') => {
      const rows = this.#database
        .prepare(
          `SELECT ${LISTED_COLUMNS} FROM ledger WHERE ${span} AND team = :team
           AND ${glanced('conversation = :conversation AND abs(at - :at) <= :nearby')} ORDER BY seq ${order} LIMIT ${NEIGHBOURS}`,
        )
        .iterate({ seq, reach: NEARBY_MS * SEQ_PER_MS, nearby: NEARBY_MS, at, team, conversation })
      return Array.from(this.#glance.within(NEARBY_LOOK_MS, rows), (columns) => listedRow(columns, wordsIn))
    }
    const before = search('seq < :seq AND seq > :seq - :reach', 'DESC').toReversed()
    return [...before, ...search('seq > :seq AND seq < :seq + :reach', 'ASC')]
  }

  cacheSample({ team, since = 0 }: Pick<ListFilter, 'team' | 'since'>): CacheSample {
    const ofTeam = team === undefined ? '' : 'AND team = :team'
    const rows = this.#database
      .prepare(
        `SELECT ${TURN_COLUMNS} FROM ledger WHERE seq >= :least ${ofTeam} AND ${glanced(IN_CONVERSATION)}
         ORDER BY seq DESC LIMIT ${SAMPLE_ROWS}`,
      )
      .iterate({ least: Math.max(0, since) * SEQ_PER_MS, ...(team !== undefined && { team }) })
    const turns = Array.from(this.#glance.within(SAMPLE_MS, rows), (columns) => TurnLine.parse(columns))
    return cacheLossOf(turns, since)
  }

  labelled({ team, since = 0 }: Pick<ListFilter, 'team' | 'since'>) {
    const ofTeam = team === undefined ? '' : 'AND team = :team'
    const rows = this.#database
      .prepare(
        `SELECT ${LABELLED_COLUMNS} FROM ledger INDEXED BY ledger_labelled
         WHERE label IS NOT NULL AND label IN (${LABELS}) AND seq >= :least ${ofTeam} AND ${glanced(DECIDED)}`,
      )
      .iterate({ least: Math.max(0, since) * SEQ_PER_MS, ...(team !== undefined && { team }) })
    const groups = new LabelledGroups()
    for (const columns of this.#glance.within(LOOK_MS, rows)) {
      const { prompt, ...line } = LabelledLine.parse(columns)
      groups.add(line, languageOf((prompt !== null && wordsIn(prompt)) || ''))
    }
    return { groups: groups.list(), complete: this.#glance.stoppedAt === undefined }
  }

  keyUses(team: string): readonly KeyUse[] {
    return keyUses(this.#database, team)
  }

  spend(by: Grouping, filter: SpendFilter): readonly SpendLine[] {
    const { team, key } = filter
    const kept = Number(this.#database.prepare('SELECT since FROM kept').get()?.since)
    const values = { ...(team !== undefined && { team }), ...(key !== undefined && { key }) }
    const lines = this.#database.prepare(spendQuery(by, filter, kept)).all(values)
    return lines.map((line) => SpendLine.parse(line))
  }

  /** Few requests take longer than this. */
  ended(since: number): readonly ListedRow[] {
    const rows = this.#database
      .prepare(
        `SELECT ${LISTED_COLUMNS} FROM ledger WHERE seq >= :least AND ${glanced('at + ms_total >= :since')}
         ORDER BY seq DESC LIMIT 200`,
      )
      .iterate({ least: Math.max(0, since - LONGEST_MS) * SEQ_PER_MS, since })
    return Array.from(this.#glance.within(LOOK_MS, rows), (columns) => listedRow(columns, wordsIn))
  }

  close(): void {
    this.pen.close()
    this.#database.close()
  }
}

const LONGEST_MS = 600_000
const LABELS = PROMPT_CLASSES.map((name) => `'${name}'`).join(', ')
