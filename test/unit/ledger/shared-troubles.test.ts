import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { after, before, beforeEach, describe, type TestContext, test } from 'node:test'
import { HOUR } from '../../../src/base/durations.ts'
import { requestId } from '../../../src/base/ids.ts'
import { nanoUsd } from '../../../src/base/money.ts'
import type { Budget } from '../../../src/budget/budget.ts'
import { type Hold, isNoRoom, type Ledger } from '../../../src/ledger/ledger.ts'
import { teamLock } from '../../../src/ledger/redis-postgres/balances.ts'
import { openDatabase } from '../../../src/ledger/redis-postgres/database.ts'
import { budget, closing, openRow } from '../../support/ledger-rows.ts'
import { type SharedStores, startSharedStores, withoutShared } from '../../support/shared-stores.ts'

const TEAM = budget(1_000_000)

describe('shared stores in trouble', { skip: withoutShared }, () => {
  let stores: SharedStores
  before(async () => {
    stores = await startSharedStores()
  })
  beforeEach(() => stores.empty())
  after(() => stores.dispose())

  test('a full Postgres disk refuses no request, is reported, and gets every row once there is room', async (t) => {
    const ledger = await replica(t, [TEAM])
    await (await held(ledger, TEAM, 10)).settle(closing(7))
    await until(async () => (await rows('ok')).count === 1)
    // A real full disk gives this error (`53100`); this one can be emptied on any machine.
    await stores.query(`
      CREATE FUNCTION no_room() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN RAISE EXCEPTION 'could not extend file: No space left on device' USING ERRCODE = 'disk_full'; END $$;
      CREATE TRIGGER no_room BEFORE INSERT ON ledger FOR EACH STATEMENT EXECUTE FUNCTION no_room()`)
    for (let count = 0; count < 30; count += 1) await (await held(ledger, TEAM, 10)).settle(closing(7))
    await until(async () => {
      const health = ledger.health()
      return health.ok && /rows wait in redis \(\d+\): .*No space left/.test(health.warning ?? '')
    })
    assert.equal((await rows('ok')).count, 1)
    assert.equal(ledger.balances([TEAM], Date.now())[0]?.spent, 31 * 7)
    await stores.query('DROP TRIGGER no_room ON ledger')
    await until(async () => (await rows('ok')).count === 31)
    assert.equal((await rows('ok')).cost, 31 * 7)
    await until(async () => !('warning' in ledger.health()))
    assert.equal(await stores.redisCall('XLEN', 'trivium:{research}:refused'), '0')
  })

  test('a replica frozen past the end of its leases settles nothing twice', async (t) => {
    const ledger = await replica(t, [TEAM])
    const asleep = spawn(
      process.execPath,
      ['test/support/dying-replica.ts', stores.redis.url, stores.postgres.url],
      { stdio: ['pipe', 'pipe', 'inherit'] },
    )
    t.after(() => asleep.kill('SIGKILL'))
    await once(asleep.stdout, 'data')
    asleep.kill('SIGSTOP')
    await until(async () => (await rows('unsettled')).count === 10)
    assert.equal((await rows('unsettled')).cost, 10_000)
    await until(async () => ledger.balances([TEAM], Date.now())[0]?.spent === 10_000)
    asleep.stdin.write('settle\n')
    asleep.kill('SIGCONT')
    await once(asleep.stdout, 'data')
    // The actual cost replaces the bound: one row per request, one cost per row.
    await until(async () => (await rows('ok')).count === 10)
    assert.deepEqual(await rows('ok'), { count: 10, cost: 2_500 })
    assert.equal((await rows('unsettled')).count, 0)
    await until(async () => ledger.balances([TEAM], Date.now())[0]?.spent === 2_500)
    assert.equal(ledger.balances([TEAM], Date.now())[0]?.held, 0)
  })

  test('a replica frozen while it inserts a team’s rows keeps no other team’s waiting, and is cut off in seconds', async (t) => {
    const others = budget(1_000_000, 'total', undefined, 'others')
    const ledger = await replica(t, [TEAM, others])
    for (const one of [TEAM, others]) await (await held(ledger, one, 10)).settle(closing(7))
    await until(async () => (await rows('ok')).count === 2)
    const pool = openDatabase(stores.postgres.url)
    const frozen = await pool.connect()
    t.after(() => {
      frozen.release(true)
      return pool.end()
    })
    await frozen.query('BEGIN')
    await frozen.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [teamLock(TEAM.team)])
    for (const one of [TEAM, others]) await (await held(ledger, one, 10)).settle(closing(7))
    await until(async () => (await rows('ok')).count === 3)
    await until(async () => /another replica holds the rows of team research/.test(warningOf(ledger)))
    await until(async () => (await rows('ok')).count === 4)
    await assert.rejects(frozen.query('COMMIT'))
    await until(async () => warningOf(ledger) === '')
    assert.deepEqual(
      ledger.balances([TEAM, others], Date.now()).map(({ spent }) => spent),
      [14, 14],
    )
  })

  test('replicas with different budgets count the same spending, each against its own limit', async (t) => {
    const [low, high] = [budget(500), budget(1_000)]
    const one = await replica(t, [low])
    const other = await replica(t, [high])
    await (await held(other, high, 450)).settle(closing(450))
    assert.equal((await held(one, low, 200, 1)).held, 50)
    const refused = await one.hold(openRow(Date.now()), [low], { atMost: nanoUsd(60), atLeast: nanoUsd(60) })
    assert.ok(isNoRoom(refused))
    assert.equal(refused.refused, 'exhausted')
    assert.equal((await held(other, high, 2_000, 1)).held, 500)
  })

  // The script used to fail at its last step: what it had held stayed in every account, with no lease to expire.
  test('a hold that meets a key of the wrong type fails and leaves nothing held', async (t) => {
    const ledger = await replica(t, [TEAM])
    await (await held(ledger, TEAM, 10)).settle(closing(7))
    const [leases, account] = ['trivium:{research}:leases', 'trivium:{research}:team:total:all']
    await stores.redisCall('SET', leases, 'foreign')
    await assert.rejects(held(ledger, TEAM, 500), /WRONGTYPE/)
    await stores.redisCall('DEL', leases)
    assert.equal(await stores.redisCall('HGET', account, 'h'), '0')
    await (await held(ledger, TEAM, TEAM.limit - 7)).settle(closing(1))
    assert.equal(await stores.redisCall('HGET', account, 's'), '8')
  })

  // Its last step used to fail, after the money had been booked: the next attempt booked it once more.
  test('a settlement that meets a key of the wrong type books nothing, and once when it is gone', async (t) => {
    const ledger = await replica(t, [TEAM])
    const [leases, account] = ['trivium:{research}:leases', 'trivium:{research}:team:total:all']
    const hold = await held(ledger, TEAM, 500)
    await stores.redisCall('SET', leases, 'foreign')
    const settled = hold.settle(closing(7))
    await until(async () => 'warning' in ledger.health())
    assert.equal(await stores.redisCall('HGET', account, 'h'), '500')
    await stores.redisCall('DEL', leases)
    await settled
    await until(async () => (await rows('ok')).count === 1)
    assert.equal(await stores.redisCall('HGET', account, 's'), '7')
    assert.equal(await stores.redisCall('HGET', account, 'h'), '0')
  })

  // Finished batches are looked at again after hours, if at all. After one hour such a cost used to be booked
  // by nobody.
  test('a cost whose replica died before booking it is booked once, by whoever comes across it hours later', async (t) => {
    const ledger = await replica(t, [TEAM])
    const claimed = [requestId(1), Date.now() - 20 * HOUR]
    await stores.query(`INSERT INTO booked_once VALUES ('batch:file-1', $1, $2)`, claimed)
    const make = async () => ({ ...openRow(Date.now()), ...closing(7), held: nanoUsd(0) })
    await ledger.recordOnce('batch:file-1', make)
    const another = await replica(t, [TEAM])
    await another.recordOnce('batch:file-1', make)
    await until(async () => (await rows('ok')).count === 1)
    assert.deepEqual(await stores.query('SELECT id, at::float AS at, cost_nusd::int AS cost FROM ledger'), [
      { id: claimed[0], at: claimed[1], cost: 7 },
    ])
    assert.equal(await stores.redisCall('HGET', 'trivium:{research}:team:total:all', 's'), '7')
  })

  async function replica(t: TestContext, budgets: readonly Budget[]): Promise<Ledger> {
    const { ledger, close } = await stores.open({ budgets })
    t.after(close)
    return ledger
  }

  async function rows(outcome: string): Promise<{ readonly count: number; readonly cost: number }> {
    const [row] = await stores.query(
      'SELECT count(*)::int AS count, coalesce(sum(cost_nusd), 0)::int AS cost FROM ledger WHERE outcome = $1',
      [outcome],
    )
    return { count: Number(row?.count), cost: Number(row?.cost) }
  }
})

async function held(ledger: Ledger, limited: Budget, atMost: number, atLeast = atMost): Promise<Hold> {
  const outcome = await ledger.hold({ ...openRow(Date.now()), team: limited.team }, [limited], {
    atMost: nanoUsd(atMost),
    atLeast: nanoUsd(atLeast),
  })
  assert.ok(!isNoRoom(outcome), 'there is room')
  return outcome
}

function warningOf(ledger: Ledger): string {
  const health = ledger.health()
  return (health.ok ? health.warning : health.why) ?? ''
}

const PATIENCE_MS = 15_000

async function until(look: () => Promise<boolean>): Promise<void> {
  const deadline = performance.now() + PATIENCE_MS
  while (!(await look())) {
    assert.ok(performance.now() < deadline, `not seen within ${PATIENCE_MS} ms: ${look}`)
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}
