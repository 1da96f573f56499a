import assert from 'node:assert/strict'
import { test } from 'node:test'
import { MOST, nanoUsd } from '../../src/base/money.ts'
import type { Ask, Budget, NoRoom } from '../../src/budget/budget.ts'
import { type Hold, isNoRoom, type Ledger } from '../../src/ledger/ledger.ts'
import type { OpenRow } from '../../src/ledger/row.ts'
import { budget, closing, openRow, refusedRow } from '../support/ledger-rows.ts'

/** An empty ledger, and the same one reopened, as after a restart or a crash of its process. */
export interface LedgerUnderTest {
  readonly ledger: Ledger
  reopen(end: 'close' | 'crash'): Promise<Ledger>
  dispose(): Promise<void>
}

const NOON = Date.UTC(2026, 10, 18, 12)
const HOUR = 3_600_000
const DAY = 24 * HOUR

/** The contract of every ledger, whatever its rows are stored in. */
export function ledgerContract(name: string, create: () => Promise<LedgerUnderTest>): void {
  function claim(title: string, run: (given: LedgerUnderTest) => Promise<void>): void {
    test(`${name}: ${title}`, async () => {
      const given = await create()
      try {
        await run(given)
      } finally {
        await given.dispose()
      }
    })
  }

  claim('holds as much as asked for if there is room', async ({ ledger }) => {
    const held = await hold(ledger, [budget(1000)], ask(400, 100))
    assert.equal(held.held, 400)
    assert.deepEqual(standing(ledger, budget(1000)), { spent: 0, held: 400 })
  })

  claim('holds what fits between the minimum and the maximum', async ({ ledger }) => {
    await hold(ledger, [budget(1000)], ask(700, 700))
    assert.equal((await hold(ledger, [budget(1000)], ask(700, 100))).held, 300)
    assert.deepEqual(standing(ledger, budget(1000)), { spent: 0, held: 1000 })
  })

  claim('books a named row once, however often it is recorded', async (given) => {
    const { ledger } = given
    let made = 0
    const at = Date.now()
    const book = (of: Ledger) =>
      of.recordOnce('batch:file-1', async () => {
        made += 1
        return { ...refusedRow(at), cost: nanoUsd(70), held: nanoUsd(70) }
      })
    const together = await Promise.all([book(ledger), book(ledger), book(ledger)])
    assert.deepEqual(together, [true, false, false])
    assert.equal(made, 1)
    assert.equal(await book(ledger), false)
    const [{ spent } = { spent: -1 }] = ledger.balances([budget(1000)], at)
    assert.equal(spent, 70)
    const again = await given.reopen('crash')
    assert.equal(await book(again), false)
    assert.equal(again.balances([budget(1000)], at)[0]?.spent, 70)
  })

  claim('leaves a name free if its row could not be made', async ({ ledger }) => {
    await assert.rejects(
      ledger.recordOnce('batch:file-2', () => Promise.reject(new Error('no file'))),
      /no file/,
    )
    assert.equal(await ledger.recordOnce('batch:file-2', async () => refusedRow(Date.now())), true)
  })

  claim('refuses as held, not exhausted, while requests in flight may release money', async ({ ledger }) => {
    const first = await hold(ledger, [budget(1000)], ask(1000, 1000))
    const refused = await ledger.hold(openRow(NOON), [budget(1000)], ask(500, 100))
    assert.equal(noRoom(refused).refused, 'held')
    assert.deepEqual(standing(ledger, budget(1000)), { spent: 0, held: 1000 })
    await first.settle(closing(10))
    assert.equal((await hold(ledger, [budget(1000)], ask(2000, 100))).held, 990)
  })

  claim('refuses as exhausted only when settled spend leaves no room for the minimum', async ({ ledger }) => {
    await (await hold(ledger, [budget(1000)], ask(901, 901))).settle(closing(901))
    const refused = noRoom(await ledger.hold(openRow(NOON), [budget(1000)], ask(200, 100)))
    assert.equal(refused.refused, 'exhausted')
    assert.equal(refused.balance.spent, 901)
    assert.equal((await hold(ledger, [budget(1000)], ask(200, 99))).held, 99)
  })

  claim('holds from all budgets or from none', async ({ ledger }) => {
    const month = budget(1000, 'month')
    const day = budget(300, 'day', 'ci')
    assert.equal((await hold(ledger, [month, day], ask(500, 100))).held, 300)
    const refused = noRoom(await ledger.hold(openRow(NOON), [month, day], ask(500, 100)))
    assert.equal(refused.balance.budget.id, day.id)
    assert.deepEqual(standing(ledger, month), { spent: 0, held: 300 })
    assert.deepEqual(standing(ledger, day), { spent: 0, held: 300 })
  })

  claim('holds atomically, however many ask at once', async ({ ledger }) => {
    const asked = Array.from({ length: 50 }, () => ledger.hold(openRow(NOON), [budget(1000)], ask(90, 90)))
    const outcomes = await Promise.all(asked)
    assert.equal(outcomes.filter((outcome) => !isNoRoom(outcome)).length, 11)
    assert.deepEqual(standing(ledger, budget(1000)), { spent: 0, held: 990 })
  })

  claim('counts only the first settle', async ({ ledger }) => {
    const held = await hold(ledger, [budget(1000)], ask(400, 100))
    assert.deepEqual(await Promise.all([held.settle(closing(123)), held.settle(closing(999))]), [true, false])
    assert.equal(await held.settle(closing(1)), false)
    assert.deepEqual(standing(ledger, budget(1000)), { spent: 123, held: 0 })
  })

  claim('has the right balance as soon as settle is called', async ({ ledger }) => {
    const held = await hold(ledger, [budget(1000)], ask(400, 100))
    const settled = held.settle(closing(123))
    assert.deepEqual(standing(ledger, budget(1000)), { spent: 123, held: 0 })
    await settled
  })

  claim('books a cost above the hold in full', async ({ ledger }) => {
    const held = await hold(ledger, [budget(1000)], ask(400, 100))
    await held.settle(closing(1500))
    assert.deepEqual(standing(ledger, budget(1000)), { spent: 1500, held: 0 })
    assert.equal(noRoom(await ledger.hold(openRow(NOON), [budget(1000)], ask(1, 1))).refused, 'exhausted')
  })

  claim('extends a hold within what every budget has left', async ({ ledger }) => {
    const held = await hold(ledger, [budget(1000), budget(600, 'day')], ask(400, 100))
    assert.equal(await held.extend(ask(300, 50)), 200)
    assert.equal(held.held, 600)
    const refused = await held.extend(ask(300, 50))
    assert.ok(typeof refused === 'object' && refused.refused === 'held')
    assert.equal(held.held, 600)
    await held.settle(closing(10))
    assert.equal(await held.extend(ask(300, 50)), 0)
    assert.deepEqual(standing(ledger, budget(1000)), { spent: 10, held: 0 })
  })

  claim('reports what the tightest budget would have left', async ({ ledger }) => {
    const held = await hold(ledger, [budget(1000), budget(600, 'day')], ask(400, 100))
    assert.equal(held.remainingAfter(nanoUsd(100)), 500)
    await held.settle(closing(100))
    assert.equal(held.remainingAfter(nanoUsd(100)), 500)
    assert.equal((await hold(ledger, [], ask(5, 5))).remainingAfter(nanoUsd(1)), undefined)
  })

  claim('lets a free request pass a spent budget', async ({ ledger }) => {
    await (await hold(ledger, [budget(100)], ask(100, 100))).settle(closing(101))
    assert.equal((await hold(ledger, [budget(100)], ask(0, 0))).held, 0)
  })

  claim('stays exact when requests without a budget hold the largest amount there is', async ({ ledger }) => {
    const absurd = await Promise.all([1, 2, 3].map(() => hold(ledger, [], ask(MOST, MOST))))
    await (await hold(ledger, [], ask(100, 100))).settle(closing(33))
    for (const held of absurd) await held.settle(closing(1))
    assert.deepEqual(standing(ledger, budget(1000)), { spent: 36, held: 0 })
  })

  claim('counts teams, and the keys of a team, separately', async ({ ledger }) => {
    await (await hold(ledger, [], ask(100, 100), { key: 'ci' })).settle(closing(70))
    await (await hold(ledger, [], ask(100, 100), { key: 'lab' })).settle(closing(20))
    await (await hold(ledger, [], ask(100, 100), { team: 'sales', key: 'ci' })).settle(closing(5))
    const spent = (asked: Budget) => standing(ledger, asked).spent
    assert.equal(spent(budget(1000)), 90)
    assert.equal(spent(budget(1000, 'total', 'ci')), 70)
    assert.equal(spent(budget(1000, 'total', 'lab')), 20)
    assert.equal(spent(budget(1000, 'total', undefined, 'sales')), 5)
  })

  claim('starts every window in UTC, weeks on Monday', async ({ ledger }) => {
    const moments: readonly [Budget, number, number][] = [
      [budget(100, 'hour'), NOON, NOON + HOUR],
      [budget(100, 'day'), NOON, Date.UTC(2026, 10, 19)],
      [budget(100, 'week'), NOON, Date.UTC(2026, 10, 23)],
      [budget(100, 'month'), NOON, Date.UTC(2026, 11, 1)],
    ]
    await (await hold(ledger, [], ask(100, 100))).settle(closing(60))
    for (const [asked, within, next] of moments) {
      assert.equal(ledger.balances([asked], within)[0]?.resetsAt, next)
      assert.deepEqual(standing(ledger, asked, next - 1), { spent: 60, held: 0 })
      assert.deepEqual(standing(ledger, asked, next), { spent: 0, held: 0 })
    }
    assert.equal(ledger.balances([budget(100)], NOON)[0]?.resetsAt, null)
    assert.deepEqual(standing(ledger, budget(100), NOON + 400 * DAY), { spent: 60, held: 0 })
  })

  claim('settles into the window a request arrived in, even if the next has begun', async ({ ledger }) => {
    const day = budget(1000, 'day')
    const late = await hold(ledger, [day], ask(400, 400), { at: NOON })
    await hold(ledger, [day], ask(50, 50), { at: NOON + DAY })
    await late.settle(closing(300))
    assert.deepEqual(standing(ledger, day, NOON), { spent: 300, held: 0 })
    assert.deepEqual(standing(ledger, day, NOON + DAY), { spent: 0, held: 50 })
    // A request that was admitted before midnight and holds after it.
    await hold(ledger, [day], ask(20, 20), { at: NOON + 1 })
    assert.deepEqual(standing(ledger, day, NOON), { spent: 300, held: 20 })
  })

  claim('finds the spend of a past window from its rows', async ({ ledger }) => {
    const hourly = budget(1000, 'hour')
    for (let hour = 0; hour < 6; hour += 1)
      await (await hold(ledger, [], ask(10, 10), { at: NOON + hour * HOUR })).settle(closing(10 + hour))
    for (let hour = 0; hour < 6; hour += 1)
      assert.deepEqual(standing(ledger, hourly, NOON + hour * HOUR), { spent: 10 + hour, held: 0 })
  })

  claim('finds the spend of a budget that a reload added or changed', async ({ ledger }) => {
    const held = await hold(ledger, [budget(1000, 'month')], ask(100, 100))
    await (await hold(ledger, [budget(1000, 'month')], ask(100, 100))).settle(closing(40))
    assert.deepEqual(standing(ledger, budget(500, 'day', 'ci')), { spent: 40, held: 100 })
    assert.deepEqual(standing(ledger, budget(77, 'month')), { spent: 40, held: 100 })
    await held.settle(closing(30))
    assert.deepEqual(standing(ledger, budget(500, 'day', 'ci')), { spent: 70, held: 0 })
  })

  claim('keeps the rows of refused requests, which cost nothing', async ({ ledger, reopen }) => {
    await ledger.record(refusedRow(NOON))
    await ledger.record(refusedRow(NOON, { outcome: 'ok', cost: nanoUsd(7) }))
    assert.deepEqual(standing(ledger, budget(100)), { spent: 7, held: 0 })
    assert.deepEqual(standing(await reopen('close'), budget(100)), { spent: 7, held: 0 })
  })

  claim(
    'settles requests that a dead process left open once, at what they held',
    async ({ ledger, reopen }) => {
      await (await hold(ledger, [budget(1000)], ask(100, 100))).settle(closing(60))
      const grown = await hold(ledger, [budget(1000)], ask(100, 100))
      await grown.extend(ask(50, 50))
      await hold(ledger, [budget(1000)], ask(5, 5))
      const again = await reopen('crash')
      const expected = { spent: 60 + 150 + 5, held: 0 }
      assert.deepEqual(standing(again, budget(1000)), expected)
      assert.deepEqual(standing(await reopen('close'), budget(1000)), expected)
    },
  )

  claim('is healthy, and rejects calls after it was closed', async ({ ledger }) => {
    assert.deepEqual(ledger.health(), { ok: true })
    const held = await hold(ledger, [], ask(10, 10))
    await ledger.close()
    await assert.rejects(ledger.hold(openRow(NOON), [], ask(1, 1)))
    await assert.rejects(ledger.record(refusedRow(NOON)))
    await assert.rejects(held.settle(closing(1)))
  })
}

function ask(atMost: number, atLeast: number): Ask {
  return { atMost: nanoUsd(atMost), atLeast: nanoUsd(atLeast) }
}

async function hold(
  ledger: Ledger,
  budgets: readonly Budget[],
  asked: Ask,
  row: Partial<OpenRow> = {},
): Promise<Hold> {
  const outcome = await ledger.hold(openRow(row.at ?? NOON, row), budgets, asked)
  assert.ok(!isNoRoom(outcome), 'there is room')
  return outcome
}

function noRoom(outcome: Hold | NoRoom): NoRoom {
  assert.ok(isNoRoom(outcome), 'there is no room')
  return outcome
}

function standing(ledger: Ledger, asked: Budget, at = NOON): { spent: number; held: number } {
  const [balance] = ledger.balances([asked], at)
  assert.ok(balance)
  return { spent: balance.spent, held: balance.held }
}
