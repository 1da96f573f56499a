import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import fc from 'fast-check'
import { crossedBy } from '../../../src/alerts/crossing.ts'
import { AlertWatch } from '../../../src/alerts/watch.ts'
import { watchedLedger } from '../../../src/alerts/watched-ledger.ts'
import { nanoUsd } from '../../../src/base/money.ts'
import type { Budget, Window } from '../../../src/budget/budget.ts'
import { spanAt } from '../../../src/budget/window.ts'
import { isNoRoom } from '../../../src/ledger/ledger.ts'
import { openBooks } from '../../../src/ledger/sqlite/books.ts'
import { budget, closing, openRow } from '../../support/ledger-rows.ts'
import { temporaryDirectory } from '../../support/temporary-directory.ts'

const NOON = Date.UTC(2026, 10, 22, 12)
const HOUR = 3_600_000

function watched(limit: number, per: Window, alertAt: readonly number[], key?: string): Budget {
  return { ...budget(limit, per, key), alertAt }
}

/** A watch over a real ledger, its clock, and the alerts it has reported, as `budget/threshold/window`. */
function scene(file: string) {
  const books = openBooks(file)
  const told: string[] = []
  const time = { now: NOON }
  const watch = new AlertWatch({
    book: books.alertBook,
    log: { warn: (facts) => told.push(keyOf(facts as Told)), error: () => assert.fail('nothing goes wrong') },
    balances: (budgets, at) => books.ledger.balances(budgets, at),
    now: () => time.now,
    onNoted: () => undefined,
  })
  const ledger = watchedLedger(books.ledger, watch)
  const spend = async (budgets: readonly Budget[], cost: number, at = time.now, key = 'ci') => {
    const hold = await ledger.hold(openRow(at, { key }), budgets, {
      atMost: nanoUsd(cost),
      atLeast: nanoUsd(cost),
    })
    if (isNoRoom(hold)) return
    await hold.settle(closing(cost))
  }
  return { books, ledger, watch, told, time, spend }
}

interface Told {
  readonly budget: string
  readonly threshold: number
  readonly window_start: string | null
}

function keyOf({ budget, threshold, window_start }: Told): string {
  return `${budget}/${threshold}/${window_start}`
}

test('alerts on what was spent, not on what is held', async (t) => {
  const directory = temporaryDirectory()
  t.after(() => directory.dispose())
  const { ledger, watch, told } = scene(join(directory.path, 'ledger.db'))
  t.after(() => ledger.close())
  const day = watched(1000, 'day', [0.5])
  const hold = await ledger.hold(openRow(NOON), [day], { atMost: nanoUsd(900), atLeast: nanoUsd(900) })
  await watch.look()
  assert.deepEqual(told, [])
  assert.ok(!isNoRoom(hold))
  await hold.settle(closing(500))
  await watch.look()
  assert.deepEqual(told, ['team:research/day/0.5/2026-11-22T00:00:00.000Z'])
})

test('a request that settles after midnight crosses the threshold of its own day', async (t) => {
  const directory = temporaryDirectory()
  t.after(() => directory.dispose())
  const { ledger, watch, told, time } = scene(join(directory.path, 'ledger.db'))
  t.after(() => ledger.close())
  const day = watched(1000, 'day', [0.9])
  const asked = { atMost: nanoUsd(950), atLeast: nanoUsd(950) }
  time.now = Date.UTC(2026, 10, 22, 23, 59, 59, 999)
  const late = await ledger.hold(openRow(time.now), [day], asked)
  time.now = Date.UTC(2026, 10, 23, 0, 2)
  const early = await ledger.hold(openRow(time.now), [day], asked)
  assert.ok(!isNoRoom(late) && !isNoRoom(early))
  await late.settle(closing(950))
  await watch.look()
  assert.deepEqual(told, ['team:research/day/0.9/2026-11-22T00:00:00.000Z'])
  await early.settle(closing(899))
  await watch.look()
  assert.equal(told.length, 1)
})

test('a threshold is crossed at exactly its amount, whatever the numbers', () => {
  const share = fc.integer({ min: 1, max: 1000 })
  const limit = fc.integer({ min: 1, max: 9_000_000_000_000 })
  fc.assert(
    fc.property(share, limit, (thousandths, thousandth) => {
      const { alertAt, ...rest } = watched(thousandth * 1000, 'total', [thousandths / 1000])
      const at = (spent: number) =>
        crossedBy(
          {
            budget: { ...rest, alertAt: alertAt ?? [] },
            spent: nanoUsd(spent),
            held: nanoUsd(0),
            resetsAt: null,
          },
          NOON,
          NOON,
        ).length
      assert.equal(at(thousandth * thousandths), 1)
      assert.equal(at(thousandth * thousandths - 1), 0)
    }),
  )
})

const BUDGETS: readonly Budget[] = [
  watched(1000, 'day', [0.5, 0.8, 1]),
  watched(2000, 'total', [0.25]),
  watched(400, 'hour', [0.5, 0.95], 'ci'),
]
const step = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      do: fc.constant('spend' as const),
      cost: fc.nat(150),
      late: fc.oneof(fc.constant(0), fc.nat(HOUR)),
      key: fc.constantFrom('ci', 'lab'),
    }),
  },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('wait' as const), ms: fc.nat(4 * HOUR) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('look' as const) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('restart' as const) }) },
)

test('reports every threshold crossed in each window exactly once, through rollovers and restarts', async () => {
  const property = fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 60 }), async (steps) => {
    const directory = temporaryDirectory()
    const file = join(directory.path, 'ledger.db')
    let current = scene(file)
    const told: string[] = []
    const spent = new Map<string, number>()
    const expected = new Set<string>()
    try {
      for (const step of steps) {
        if (step.do === 'wait') current.time.now += step.ms
        else if (step.do === 'look') await current.watch.look()
        else if (step.do === 'restart') {
          await current.watch.look()
          await current.ledger.close()
          told.push(...current.told)
          const { time } = current
          current = scene(file)
          current.time.now = time.now
          current.watch.spent(BUDGETS, time.now)
        } else {
          const at = current.time.now - step.late
          const budgets = BUDGETS.filter(({ key = step.key }) => key === step.key)
          const before = current.ledger.balances([...BUDGETS], at).map((balance) => balance.spent)
          await current.spend(budgets, step.cost, at, step.key)
          const after = current.ledger.balances([...BUDGETS], at).map((balance) => balance.spent)
          for (const [index, each] of BUDGETS.entries()) {
            const { start } = spanAt(each.per, at)
            const window = `${each.id} ${start}`
            const sum = (spent.get(window) ?? 0) + (after[index] ?? 0) - (before[index] ?? 0)
            spent.set(window, sum)
            for (const threshold of each.alertAt ?? []) {
              if (sum < threshold * each.limit) continue
              const window_start = Number.isFinite(start) ? new Date(start).toISOString() : null
              expected.add(keyOf({ budget: each.id, threshold, window_start }))
            }
          }
        }
      }
      await current.watch.look()
      told.push(...current.told)
      assert.deepEqual(told.toSorted(), [...expected].toSorted())
    } finally {
      await current.ledger.close()
      directory.dispose()
    }
  })
  await fc.assert(property, { numRuns: 100 })
})
