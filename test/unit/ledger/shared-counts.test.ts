import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import fc from 'fast-check'
import type pg from 'pg'
import { DAY, HOUR } from '../../../src/base/durations.ts'
import { requestId } from '../../../src/base/ids.ts'
import { PROMPT_CLASSES } from '../../../src/base/prompt-class.ts'
import { SHAPE_KEY, shapeOf, USAGE_KEY, usageOf } from '../../../src/ledger/counted.ts'
import { UNSETTLED, wholeLine } from '../../../src/ledger/redis-postgres/columns.ts'
import { openDatabase } from '../../../src/ledger/redis-postgres/database.ts'
import { insertEntries } from '../../../src/ledger/redis-postgres/insertion.ts'
import { openPostgresLabelBook } from '../../../src/ledger/redis-postgres/label-book.ts'
import { dropMonths } from '../../../src/ledger/redis-postgres/months.ts'
import { migrate } from '../../../src/ledger/redis-postgres/schema.ts'
import { tidy } from '../../../src/ledger/redis-postgres/upkeep.ts'
import { countWindow } from '../../../src/ledger/redis-postgres/views/counted-window.ts'
import { foldCounts } from '../../../src/ledger/redis-postgres/views/whole-counts.ts'
import { OUTCOMES, type Row } from '../../../src/ledger/row.ts'
import { closing, openRow } from '../../support/ledger-rows.ts'
import { type Store, startPostgres, without } from '../../support/stores.ts'

const NOVEMBER = Date.UTC(2026, 10, 1)
const TEAMS = ['research', 'sales'] as const

/** In steps of hours, and of whole days. */
const WINDOWS = [
  { from: NOVEMBER - DAY, until: NOVEMBER + DAY, stepMs: 3 * HOUR },
  { from: NOVEMBER - DAY, until: NOVEMBER + DAY, stepMs: DAY },
] as const

const row = fc.record({
  hour: fc.integer({ min: -20, max: 20 }),
  outcome: fc.constantFrom(...OUTCOMES),
  cost: fc.nat(1_000),
  class: fc.constantFrom(...PROMPT_CLASSES, null),
  confidence: fc.constantFrom(null, 0, 0.25, 0.99),
  target: fc.constantFrom('o1-mini', 'gpt-4o', null),
  msTotal: fc.constantFrom(null, 0.5, 90, 4_000),
})

const step = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      does: fc.constant('insert' as const),
      team: fc.constantFrom(...TEAMS),
      rows: fc.array(row, { minLength: 1, maxLength: 6 }),
      hasBadRow: fc.boolean(),
    }),
  },
  fc.record({ does: fc.constant('insert again' as const), which: fc.nat(50), cost: fc.nat(1_000) }),
  fc.record({
    does: fc.constant('label' as const),
    which: fc.nat(50),
    label: fc.constantFrom(...PROMPT_CLASSES),
  }),
  fc.record({ does: fc.constant('fold' as const), times: fc.integer({ min: 1, max: 3 }) }),
  fc.record({ does: fc.constant('forget prompts' as const) }),
  fc.record({ does: fc.constant('drop a month' as const) }),
)

describe('the counts that Postgres keeps for pages', { skip: without.postgres }, () => {
  let postgres: Store
  let pool: pg.Pool
  before(async () => {
    postgres = await startPostgres()
    pool = openDatabase(postgres.url)
    await pool.query('ALTER SYSTEM SET fsync = off')
    await pool.query('SELECT pg_reload_conf()')
    await migrate(pool)
    await pool.query('CREATE TABLE gone AS SELECT * FROM ledger')
  })
  after(async () => {
    await pool.end()
    await postgres.dispose()
  })

  test('match their rows, per team and overall, after any inserts, corrections, labels and deletions', async () => {
    const book = await openPostgresLabelBook(postgres.url)
    try {
      await fc.assert(
        fc.asyncProperty(fc.array(step, { minLength: 3, maxLength: 12 }), async (steps) => {
          await empty()
          const written: Row[] = []
          for (const each of steps) {
            const chosen = 'which' in each ? written[each.which % Math.max(1, written.length)] : undefined
            if (each.does === 'insert') {
              const rows = each.rows.map((drawn) => rowOf(each.team, drawn))
              written.push(...rows)
              await insert(each.team, rows, each.hasBadRow)
            } else if (each.does === 'insert again' && chosen !== undefined) {
              // The actual cost of a row that stood at its bound; for any other row nothing changes.
              await insert(chosen.team, [{ ...chosen, ...closing(each.cost) }], false)
            } else if (each.does === 'label' && chosen !== undefined) {
              await book.label({ id: chosen.id, label: each.label, who: 'ada', at: NOVEMBER })
            } else if (each.does === 'fold') {
              await Promise.all(Array.from({ length: each.times }, () => foldCounts(pool)))
            } else if (each.does === 'forget prompts') {
              const retention = () => ({ rowsMs: 400 * DAY, promptsMs: 0 })
              const log = { info: () => undefined, warn: () => undefined }
              await tidy(pool, { clock: { now: () => NOVEMBER }, retention, log })
            } else if (each.does === 'drop a month') {
              await pool.query('INSERT INTO gone SELECT * FROM ledger WHERE at < $1', [NOVEMBER])
              await dropMonths(pool, NOVEMBER)
              written.splice(0, written.length, ...written.filter(({ at }) => at >= NOVEMBER))
            }
            if (each.does === 'fold') await agree()
          }
          await agree()
        }),
        { numRuns: 10 },
      )
    } finally {
      await book.close()
    }
  })

  test('cover all teams together after migrating a database that counted only each team', async () => {
    await empty()
    await insert('research', [rowOf('research', { hour: -3 }), rowOf('research', { hour: 5 })], false)
    await insert('sales', [rowOf('sales', { hour: 5 })], false)
    await pool.query(`DROP TABLE usage_new, shape_new, ended_session;
      DROP INDEX ledger_by_target, ledger_by_cause;
      DELETE FROM trivium_schema WHERE version >= 8;
      ${['usage_hour', 'usage_day', 'shape_hour', 'shape_day'].map((name) => `DELETE FROM ${name} WHERE team = '';`).join(' ')}`)
    await migrate(pool)
    await agree()
    await insert('sales', [rowOf('sales', { hour: 6 })], false)
    await agree()
  })

  test('include a row whose outcome the database cannot number, which is not refused', async () => {
    await empty()
    await insert('research', [rowOf('research', { hour: 2, outcome: 'parked' })], false)
    await agree()
    const { usage, shape } = await countWindow(pool, WINDOWS[0])
    assert.deepEqual(
      [usage, shape.filter(({ spread }) => spread === 'outcome')].map(([line]) => line?.requests),
      [1, 1],
    )
    assert.equal(shape.find(({ spread }) => spread === 'outcome')?.bucket, -1)
  })

  function rowOf(team: string, { hour, ...drawn }: { hour: number } & Partial<Record<string, unknown>>): Row {
    const at = NOVEMBER + hour * HOUR + 1
    return {
      ...openRow(at, { team, prompt: 'private' }),
      ...closing(1_000),
      ...drawn,
      id: requestId(at),
    } as Row
  }

  /** Inserts as a replica does. Postgres refuses a bad row, and its neighbours then go in one by one. */
  async function insert(team: string, rows: readonly Row[], hasBadRow: boolean): Promise<void> {
    const entries = rows.map(({ cost, ...each }, place) => {
      const line = wholeLine({ ...each, cost })
      const told = each.outcome === 'unsettled' ? { ...line, ...UNSETTLED } : line
      const text = JSON.stringify(told)
      return { id: `${place}-1`, row: text, cost: String(cost), held: '2000', epoch: '' }
    })
    const bad = {
      id: '9-9',
      row: JSON.stringify({ id: 'bad', at: NOVEMBER, team }),
      cost: '1',
      held: '1',
      epoch: '',
    }
    const all = hasBadRow ? [...entries, bad] : entries
    // The second attempt recreates a month that was dropped.
    const none = { catchUp: async () => undefined, takeBack: async () => undefined }
    const tried = () => insertEntries(pool, team, all, none)
    const refused = await tried().catch(tried)
    assert.equal(refused.length, hasBadRow ? 1 : 0)
  }

  /** Checks every window of every team against the rows that are or were there. */
  async function agree(): Promise<void> {
    for (const window of WINDOWS)
      for (const team of [undefined, ...TEAMS]) {
        const { usage, shape } = await countWindow(pool, { ...window, team })
        const told = { usage: lines(usage), shape: lines(shape) }
        assert.deepEqual(
          told,
          await ofRows(team, window),
          `${team ?? 'all teams'} by ${window.stepMs / HOUR} h`,
        )
      }
  }

  async function ofRows(team: string | undefined, { from, until, stepMs }: (typeof WINDOWS)[number]) {
    const rows = `(SELECT 1 AS sign, * FROM (SELECT * FROM ledger UNION ALL SELECT * FROM gone) AS every
      WHERE at >= ${from} AND at < ${until} AND ($1::text IS NULL OR team = $1)) AS rows`
    const summed = async (counts: string, key: string, sums: readonly string[]) => {
      const all = sums.map((sum) => `sum(${sum})::bigint AS ${sum}`)
      const steps = `(span - ${from / HOUR}) / ${stepMs / HOUR}`
      const sql = `SELECT ${steps} AS step, ${key}, ${all} FROM (${counts}) AS counts GROUP BY 1, ${key}`
      return lines((await pool.query(sql, [team ?? null])).rows)
    }
    const tokens = ['input_tokens', 'cached_tokens', 'output_tokens', 'reasoning_tokens']
    const sum = (expression: string) => `sum(${expression})`
    const usage = ['requests', ...tokens, 'cost_nusd', 'baseline_nusd']
    return {
      usage: await summed(usageOf(rows, HOUR, sum), USAGE_KEY, usage),
      shape: await summed(shapeOf(rows, HOUR), SHAPE_KEY, ['requests', 'total']),
    }
  }

  async function empty(): Promise<void> {
    await pool.query(`TRUNCATE ledger, gone, usage_hour, usage_day, shape_hour, shape_day, usage_new,
      shape_new, tally_hour, tally_day`)
  }
})

/** As sorted text, without the empty lines that rows corrected away may leave. */
function lines(found: readonly object[]): readonly string[] {
  return found
    .filter((line) => 'requests' in line && Number(line.requests) !== 0)
    .map((line) => Object.values(line).join(' '))
    .sort()
}
