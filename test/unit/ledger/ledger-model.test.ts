import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import fc from 'fast-check'
import { nanoUsd } from '../../../src/base/money.ts'
import type { Budget } from '../../../src/budget/budget.ts'
import { spanAt } from '../../../src/budget/window.ts'
import { type Hold, isNoRoom, type Ledger } from '../../../src/ledger/ledger.ts'
import { openLedger } from '../../../src/ledger/sqlite/ledger.ts'
import { openLedgerReader } from '../../../src/ledger/sqlite/reader.ts'
import { crashedCopy } from '../../support/crashed-copy.ts'
import { budget, closing, openRow, refusedRow } from '../../support/ledger-rows.ts'
import { temporaryDirectory } from '../../support/temporary-directory.ts'

/** Random ledger histories, checked against a model that keeps every row in a list and sums it each time. */

const BUDGETS: readonly Budget[] = [
  budget(1000, 'total'),
  budget(600, 'day'),
  budget(400, 'hour'),
  budget(500, 'week', 'ci'),
  budget(300, 'day', 'lab'),
  budget(700, 'month', undefined, 'sales'),
]
const PAYERS = [
  { team: 'research', key: 'ci' },
  { team: 'research', key: 'lab' },
  { team: 'sales', key: 'ci' },
] as const

interface Entry {
  readonly team: string
  readonly key: string
  readonly at: number
  held: number
  cost: number
  hold: Hold | undefined
}

const amount = fc.integer({ min: 0, max: 300 })
const share = fc.nat(1000)
const ask = fc.tuple(amount, amount).map(([one, other]) => ({
  atMost: nanoUsd(Math.max(one, other)),
  atLeast: nanoUsd(Math.min(one, other)),
}))
const payer = fc.constantFrom(...PAYERS)
const step = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({ do: fc.constant('hold' as const), payer, ask, late: fc.nat(3_600_000) }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('extend' as const), which: fc.nat(), ask }) },
  { weight: 5, arbitrary: fc.record({ do: fc.constant('settle' as const), which: fc.nat(), share }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('record' as const), payer }) },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant('wait' as const), ms: fc.integer({ min: 1, max: 2e8 }) }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constantFrom('crash' as const, 'restart' as const) }) },
)
type Step = typeof step extends fc.Arbitrary<infer One> ? One : never

class History {
  readonly entries: Entry[] = []
  ledger: Ledger
  #file: string
  #now = Date.UTC(2026, 10, 28, 22)

  constructor(file: string) {
    this.#file = file
    this.ledger = openLedger(file)
  }

  async take(step: Step): Promise<void> {
    switch (step.do) {
      case 'hold':
        return this.#hold(step.payer, this.#now - step.late, step.ask)
      case 'extend':
        return this.#extend(this.#openEntry(step.which), step.ask)
      case 'settle':
        return this.#settle(this.#openEntry(step.which), step.share)
      case 'record':
        return this.ledger.record(refusedRow(this.#now, step.payer))
      case 'wait':
        this.#now += step.ms
        return
      default:
        return this.#reopen(step.do)
    }
  }

  check(): void {
    for (const asked of BUDGETS) {
      for (const at of [this.#now, this.#now - 3_600_000]) {
        const [balance] = this.ledger.balances([asked], at)
        assert.deepEqual({ spent: balance?.spent, held: balance?.held }, this.#standing(asked, at), asked.id)
        // No cost was above what was held for it, so no budget is ever overdrawn.
        assert.ok((balance?.spent ?? 0) + (balance?.held ?? 0) <= asked.limit)
      }
    }
  }

  checkRows(): void {
    const reader = openLedgerReader(this.#file)
    const costs = [...reader.rows({})]
      .filter(({ outcome }) => outcome !== 'refused')
      .map((row) => row.cost_nusd)
    reader.close()
    const expected = this.entries.map(({ hold, cost }) => (hold === undefined ? cost : null))
    assert.deepEqual(costs.toSorted(), expected.toSorted())
  }

  async #hold(who: { team: string; key: string }, at: number, ask: Asked): Promise<void> {
    const applying = BUDGETS.filter(({ team, key }) => team === who.team && (key ?? who.key) === who.key)
    const standings = applying.map((asked) => ({ limit: asked.limit, ...this.#standing(asked, at) }))
    const outcome = await this.ledger.hold(openRow(at, who), applying, ask)
    const room = Math.min(...standings.map(({ limit, spent, held }) => limit - spent - held))
    if (isNoRoom(outcome)) {
      assert.ok(room < ask.atLeast, 'refused without reason')
      const exhausted = standings.some(({ limit, spent }) => limit - spent < ask.atLeast)
      assert.equal(outcome.refused, exhausted ? 'exhausted' : 'held')
      return
    }
    assert.equal(outcome.held, Math.min(ask.atMost, room))
    this.entries.push({ ...who, at, held: outcome.held, cost: 0, hold: outcome })
  }

  async #extend(entry: Entry | undefined, ask: Asked): Promise<void> {
    const added = await entry?.hold?.extend(ask)
    if (entry !== undefined && typeof added === 'number') entry.held += added
  }

  async #settle(entry: Entry | undefined, share: number): Promise<void> {
    if (entry === undefined) return
    entry.cost = Math.floor((entry.held * share) / 1000)
    const { hold } = entry
    entry.hold = undefined
    entry.held = 0
    assert.deepEqual(await Promise.all([hold?.settle(closing(entry.cost)), hold?.settle(closing(0))]), [
      true,
      false,
    ])
  }

  async #reopen(end: 'crash' | 'restart'): Promise<void> {
    if (end === 'crash') {
      const copy = crashedCopy(this.#file, `${this.#file}+`)
      await this.ledger.close()
      this.#file = copy
    } else await this.ledger.close()
    this.ledger = openLedger(this.#file)
    for (const entry of this.entries) {
      if (entry.hold === undefined) continue
      entry.hold = undefined
      entry.cost = entry.held
      entry.held = 0
    }
  }

  #openEntry(which: number): Entry | undefined {
    const open = this.entries.filter(({ hold }) => hold !== undefined)
    return open[which % Math.max(1, open.length)]
  }

  #standing(asked: Budget, at: number): { spent: number; held: number } {
    const { start, end } = spanAt(asked.per, at)
    const counted = this.entries.filter(
      (entry) =>
        entry.team === asked.team &&
        (asked.key ?? entry.key) === entry.key &&
        entry.at >= start &&
        (end === null || entry.at < end),
    )
    return {
      spent: counted.reduce((sum, { cost }) => sum + cost, 0),
      held: counted.reduce((sum, { held }) => sum + held, 0),
    }
  }
}

type Asked = typeof ask extends fc.Arbitrary<infer One> ? One : never

test('balances agree with the sum of the rows after every step of any history, crashes included', async () => {
  const property = fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 60 }), async (steps) => {
    const directory = temporaryDirectory()
    const history = new History(join(directory.path, 'ledger.db'))
    try {
      for (const step of steps) {
        await history.take(step)
        history.check()
      }
      history.checkRows()
    } finally {
      await history.ledger.close()
      directory.dispose()
    }
  })
  await fc.assert(property, { numRuns: 150 })
})
