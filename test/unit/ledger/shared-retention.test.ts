import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, type TestContext, test } from 'node:test'
import pg from 'pg'
import { nanoUsd } from '../../../src/base/money.ts'
import { WINDOWS } from '../../../src/budget/budget.ts'
import { isNoRoom, type Ledger } from '../../../src/ledger/ledger.ts'
import { openDatabase } from '../../../src/ledger/redis-postgres/database.ts'
import { dropMonths } from '../../../src/ledger/redis-postgres/months.ts'
import { openPostgresReader } from '../../../src/ledger/redis-postgres/reader.ts'
import { tidy } from '../../../src/ledger/redis-postgres/upkeep.ts'
import type { OpenRow } from '../../../src/ledger/row.ts'
import { budget, closing, openRow } from '../../support/ledger-rows.ts'
import { type SharedStores, startSharedStores, withoutShared } from '../../support/shared-stores.ts'

const HOUR = 3_600_000
const DAY = 24 * HOUR
const SEPTEMBER = Date.UTC(2026, 8, 1)
const OCTOBER = Date.UTC(2026, 9, 1)
const NOON = Date.UTC(2026, 10, 18, 12)

describe('retention of rows in Postgres', { skip: withoutShared }, () => {
  let stores: SharedStores
  before(async () => {
    stores = await startSharedStores()
  })
  beforeEach(() => stores.empty())
  after(() => stores.dispose())

  test('dropping old months leaves every sum and balance unchanged to the nano-dollar', async (t) => {
    const ledger = await filled(t)
    const reader = await readerOf(t)
    const told = () =>
      Promise.all([
        reader.spend('team', {}),
        reader.spend('day', { team: 'sales' }),
        reader.spend('key', { since: SEPTEMBER + 7 * HOUR, until: OCTOBER + 31 * HOUR }),
        reader.spend('model', { since: SEPTEMBER + 9 * DAY, until: NOON - 7 * HOUR - 1 }),
      ])
    const before = await told()
    assert.deepEqual(before[0], await sumsOfRows())
    assert.equal(await dropMonths(poolOf(t), OCTOBER), 2)
    assert.equal(await reader.keptSince(), OCTOBER)
    const rows = await Array.fromAsync(reader.rows({}))
    assert.ok(rows.length > 0 && rows.every(({ at }) => at >= OCTOBER))
    assert.deepEqual(await told(), before)
    assert.deepEqual((await reader.examine()).problems, [])

    // A Redis that lost its data takes the balances from Postgres.
    const budgets = WINDOWS.flatMap((per) => [budget(1, per), budget(1, per, 'lab')])
    const balances = ledger.balances(budgets, NOON)
    assert.ok(balances.every(({ spent }) => spent > 0))
    await stores.redisCall('FLUSHALL')
    const fresh = await replica(t, budgets)
    assert.deepEqual(fresh.balances(budgets, NOON), balances)
  })

  test('sums include corrections and late rows of a dropped month', async (t) => {
    await filled(t)
    const pool = poolOf(t)
    await stores.query(`UPDATE ledger SET cost_nusd = cost_nusd + 5, target = 'gpt-4o' WHERE team = 'sales'`)
    const reader = await readerOf(t)
    assert.deepEqual(await reader.spend('team', {}), await sumsOfRows())
    await dropMonths(pool, OCTOBER)
    const [before] = await reader.spend('team', { until: OCTOBER, team: 'research' })
    const late = await replica(t)
    await request(late, openRow(SEPTEMBER + 3 * DAY), 77)
    await until(async () => {
      const [line] = await reader.spend('team', { until: OCTOBER, team: 'research' })
      return line?.cost_nusd === (before?.cost_nusd ?? 0) + 77
    })
  })

  test('an examination finds sums that do not match their rows', async (t) => {
    await filled(t)
    const reader = await readerOf(t)
    assert.deepEqual(await reader.examine(), { rows: 50, problems: [] })
    await stores.query('UPDATE tally_hour SET cost_nusd = cost_nusd + 1 WHERE team = $1', ['sales'])
    assert.deepEqual((await reader.examine()).problems, [
      '5 hourly sums do not match their rows',
      '4 daily sums do not match their hours',
    ])
  })

  test('a replica unaware that a month was dropped loses no row of it', async (t) => {
    const ledger = await filled(t)
    await dropMonths(poolOf(t), OCTOBER)
    await request(ledger, openRow(SEPTEMBER + 3 * DAY), 77)
    const reader = await readerOf(t)
    await until(async () => (await Array.fromAsync(reader.rows({ until: OCTOBER }))).length === 1)
  })

  test('an open read delays dropping a month, but no new row waits for it', async (t) => {
    const ledger = await filled(t)
    const client = new pg.Client(stores.postgres.url)
    await client.connect()
    t.after(() => client.end())
    await client.query('BEGIN; SELECT count(*) FROM ledger')
    await assert.rejects(dropMonths(poolOf(t), OCTOBER), /lock timeout/)
    const count = await rowCount()
    await request(ledger, openRow(NOON), 1)
    await until(async () => (await rowCount()) === count + 1)
    await client.query('COMMIT')
    assert.equal(await dropMonths(poolOf(t), OCTOBER), 2)
  })

  test('a stored prompt is removed when it expires, and its row stays', async (t) => {
    const ledger = await replica(t)
    for (let day = 0; day < 10; day += 1)
      await request(ledger, openRow(OCTOBER + day * DAY, { prompt: `private ${day}` }), 3)
    await until(async () => (await rowCount()) === 10)
    const retention = () => ({ rowsMs: 400 * DAY, promptsMs: 4 * DAY })
    const log = { info: () => undefined, warn: () => undefined }
    await tidy(poolOf(t), { clock: { now: () => OCTOBER + 10 * DAY }, retention, log })
    assert.deepEqual(await stores.query('SELECT prompt FROM ledger WHERE prompt IS NOT NULL ORDER BY at'), [
      { prompt: 'private 6' },
      { prompt: 'private 7' },
      { prompt: 'private 8' },
      { prompt: 'private 9' },
    ])
    const [line] = await (await readerOf(t)).spend('team', {})
    assert.deepEqual([line?.requests, line?.cost_nusd], [10, 30])
  })

  /** A ledger with rows in August, September and this month. */
  async function filled(t: TestContext): Promise<Ledger> {
    const ledger = await replica(t)
    const moments = [SEPTEMBER - DAY, SEPTEMBER + 7 * HOUR + 1, SEPTEMBER + 9 * DAY, NOON - 7 * HOUR, NOON]
    await Promise.all(
      moments.flatMap((at) =>
        [1, 2, 3, 4, 5].flatMap((count) => [
          request(ledger, openRow(at, { key: count % 2 === 0 ? 'ci' : 'lab' }), 100 + count),
          request(ledger, openRow(at + count, { team: 'sales' }), 1_000 + count),
        ]),
      ),
    )
    await until(async () => (await rowCount()) === 50)
    return ledger
  }

  /** Teams with a budget listed here have their balances in Redis from the start, so no request waits for them. */
  async function replica(
    t: TestContext,
    budgets = [budget(1), budget(1, 'total', undefined, 'sales')],
  ): Promise<Ledger> {
    const { ledger, close } = await stores.open({ now: () => NOON, budgets })
    t.after(close)
    return ledger
  }

  async function readerOf(t: TestContext) {
    const reader = await openPostgresReader(stores.postgres.url)
    t.after(() => reader.close())
    return reader
  }

  function poolOf(t: TestContext): pg.Pool {
    const pool = openDatabase(stores.postgres.url)
    t.after(() => pool.end())
    return pool
  }

  async function rowCount(): Promise<number> {
    return Number((await stores.query('SELECT count(*) AS rows FROM ledger'))[0]?.rows)
  }

  /** What `spend --by team` prints, but summed from the rows themselves. */
  function sumsOfRows() {
    return stores.query(
      `SELECT team AS group, count(*)::int AS requests, sum(input_tokens)::int AS input_tokens,
         sum(output_tokens)::int AS output_tokens, sum(cost_nusd)::int AS cost_nusd,
         sum(baseline_nusd)::int AS baseline_nusd FROM ledger GROUP BY 1 ORDER BY 1`,
    )
  }
})

async function request(ledger: Ledger, row: OpenRow, cost: number): Promise<void> {
  const hold = await ledger.hold(row, [], { atMost: nanoUsd(5_000), atLeast: nanoUsd(5_000) })
  assert.ok(!isNoRoom(hold))
  await hold.settle(closing(cost))
}

const PATIENCE_MS = 15_000

async function until(look: () => Promise<boolean>): Promise<void> {
  const deadline = performance.now() + PATIENCE_MS
  while (!(await look())) {
    assert.ok(performance.now() < deadline, `not seen within ${PATIENCE_MS} ms: ${look}`)
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}
