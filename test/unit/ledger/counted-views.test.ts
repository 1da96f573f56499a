import assert from 'node:assert/strict'
import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { type TestContext, test } from 'node:test'
import { setImmediate } from 'node:timers/promises'
import fc from 'fast-check'
import { nanoUsd } from '../../../src/base/money.ts'
import { isNoRoom, type Ledger } from '../../../src/ledger/ledger.ts'
import { openLedger } from '../../../src/ledger/sqlite/ledger.ts'
import { FileViews } from '../../../src/ledger/sqlite/views/file-views.ts'
import { createThreadedViews } from '../../../src/ledger/sqlite/views/threaded-views.ts'
import { fill } from '../../bench/ledger/fill.ts'
import { closing, openRow, refusedRow } from '../../support/ledger-rows.ts'
import { temporaryDirectory } from '../../support/temporary-directory.ts'

const HOUR = 3_600_000
const NOON = Date.UTC(2026, 10, 20, 12)
const WINDOW = { from: NOON - 48 * HOUR, until: NOON + 48 * HOUR, stepMs: 96 * HOUR }

function place(t: TestContext): string {
  const directory = temporaryDirectory()
  t.after(() => directory.dispose())
  return join(directory.path, 'ledger.db')
}

async function record(file: string, moments: readonly number[], cost = 1): Promise<void> {
  const ledger = openLedger(file)
  for (const at of moments) await ledger.record(refusedRow(at, { cost: nanoUsd(cost), outcome: 'ok' }))
  await ledger.close()
}

/** Requests and nano-dollars according to the counts. */
function counted(file: string): readonly [number, number] {
  const views = new FileViews(file, () => NOON)
  try {
    const { usage, complete } = views.count(WINDOW)
    assert.equal(complete, true)
    return [
      usage.reduce((sum, line) => sum + line.requests, 0),
      usage.reduce((sum, line) => sum + line.cost_nusd, 0),
    ]
  } finally {
    views.close()
  }
}

test('after downtime the newest rows are counted first, back to those counted before', async (t) => {
  const file = place(t)
  await record(file, [NOON - 30 * HOUR, NOON - 29 * HOUR])
  assert.deepEqual(counted(file), [2, 2])
  await record(file, [NOON - 20 * HOUR, NOON - 10 * HOUR, NOON])
  const views = new FileViews(file, () => NOON)
  assert.equal(views.counting.countedFrom(), NOON)
  views.close()
  assert.deepEqual(counted(file), [5, 5])
  await record(file, [NOON + 1])
  assert.deepEqual(counted(file), [6, 6])
})

test('a ledger replaced by a backup is detected by its rows and counted from scratch', async (t) => {
  const file = place(t)
  await record(file, [NOON])
  copyFileSync(file, `${file}.copy`)
  await record(file, [NOON + 1, NOON + 2], 10)
  assert.deepEqual(counted(file), [3, 21])
  rmSync(`${file}-wal`, { force: true })
  copyFileSync(`${file}.copy`, file)
  await record(file, [NOON + 1], 500)
  assert.deepEqual(counted(file), [2, 501])
})

test('counts that are damaged or belong to another program are rebuilt', async (t) => {
  const file = place(t)
  await record(file, [NOON, NOON + 1])
  assert.deepEqual(counted(file), [2, 2])
  const bytes = readFileSync(`${file}.views`)
  writeFileSync(`${file}.views`, bytes.fill(0x5a))
  assert.deepEqual(counted(file), [2, 2])
  rmSync(`${file}.views`)
  const other = new DatabaseSync(`${file}.views`)
  other.exec('CREATE TABLE usage (other TEXT); PRAGMA user_version = 77')
  other.close()
  assert.deepEqual(counted(file), [2, 2])
})

test('counts are kept in memory where nothing can be written beside the ledger', async (t) => {
  const file = place(t)
  await record(file, [NOON])
  const blocked = `${file}.views`

  // A folder by that name, so that no file can be created there.
  mkdirSync(blocked)
  assert.deepEqual(counted(file), [1, 1])
})

test('each row counts once, in whatever order rows open and end and whenever counts are read', async () => {
  const step = fc.oneof(
    fc.record({ does: fc.constant('open' as const), at: fc.integer({ min: -40, max: 40 }) }),
    fc.record({ does: fc.constant('end' as const), which: fc.nat(20), cost: fc.nat(1_000) }),
    fc.record({ does: fc.constant('count' as const) }),
    fc.record({ does: fc.constant('restart' as const) }),
  )
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 25 }), async (steps) => {
      const directory = temporaryDirectory()
      const file = join(directory.path, 'ledger.db')
      let ledger: Ledger = openLedger(file)
      let open: { settle(cost: number): Promise<unknown> }[] = []
      let [ended, spent] = [0, 0]
      try {
        for (const each of steps) {
          if (each.does === 'open') {
            const ask = { atMost: nanoUsd(1_000), atLeast: nanoUsd(1_000) }
            const hold = await ledger.hold(openRow(NOON + each.at * HOUR), [], ask)
            assert.ok(!isNoRoom(hold))
            open.push({ settle: (cost) => hold.settle(closing(cost)) })
          } else if (each.does === 'end') {
            const [hold] = open.splice(each.which % Math.max(1, open.length), 1)
            if (hold === undefined) continue
            await hold.settle(each.cost)
            ended += 1
            spent += each.cost
          } else if (each.does === 'restart') {
            await ledger.close()
            ledger = openLedger(file)
            // Requests that were in flight are now settled at their bound.
            ended += open.length
            spent += open.length * 1_000
            open = []
          } else assert.deepEqual(counted(file), [ended, spent])
        }
        assert.deepEqual(counted(file), [ended, spent])
      } finally {
        await ledger.close()
        directory.dispose()
      }
    }),
    { numRuns: 20 },
  )
})

test('a command that counts beside a server counts no row twice', async (t) => {
  const file = place(t)
  const rows = 30_000
  await fill(file, { rows, days: 1, until: NOON })
  const server = createThreadedViews(file)
  t.after(() => server.close())
  const command = new FileViews(file, () => NOON)
  const window = { ...WINDOW, until: NOON + 48 * HOUR }
  const counting = (async () => {
    while (!(await server.count(window)).complete);
  })()
  while (!command.counting.count(performance.now() + 1)) await setImmediate()
  await counting
  const { usage } = command.count(window)
  command.close()
  assert.equal(
    usage.reduce((sum, line) => sum + line.requests, 0),
    rows,
  )
})

test('a missing ledger is reported in one line and looked for again by the next query', async (t) => {
  const file = place(t)
  const views = createThreadedViews(file)
  t.after(() => views.close())
  await assert.rejects(views.list({}, 5), { name: 'StoreError', message: `${file}: no such file` })
  await record(file, [NOON])
  assert.equal((await views.list({}, 5)).rows.length, 1)
})

test('too many concurrent queries are refused as busy, and those already waiting are answered', async (t) => {
  const file = place(t)
  await record(file, [NOON])
  const views = createThreadedViews(file)
  t.after(() => views.close())
  const looks = Array.from({ length: 120 }, () => views.list({}, 1))
  const settled = await Promise.allSettled(looks)
  const refused = settled.filter((each) => each.status === 'rejected')
  assert.ok(refused.length > 0 && refused.every(({ reason }) => reason.name === 'Busy'))
  assert.equal(settled.length - refused.length, 101)
})
