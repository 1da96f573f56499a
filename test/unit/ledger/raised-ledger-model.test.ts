import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import fc from 'fast-check'
import { nanoUsd } from '../../../src/base/money.ts'
import type { Budget } from '../../../src/budget/budget.ts'
import { Raises } from '../../../src/budget/raises.ts'
import { spanAt } from '../../../src/budget/window.ts'
import { type Hold, isNoRoom, type Ledger } from '../../../src/ledger/ledger.ts'
import { raisedLedger } from '../../../src/ledger/raised-ledger.ts'
import { ledgerOf } from '../../../src/ledger/sqlite/ledger.ts'
import { openStore } from '../../../src/ledger/sqlite/open.ts'
import { createSqliteRaiseLog } from '../../../src/ledger/sqlite/raise-log.ts'
import { budget, closing, openRow } from '../../support/ledger-rows.ts'
import { temporaryDirectory } from '../../support/temporary-directory.ts'

/**
 * Random histories, checked against a model that keeps every request in a list and sums it each time. Windows roll
 * over under requests in flight, team and key budgets are edited as by a reload, and raises are granted, expire and
 * are revoked.
 */

const KEYS = ['ci', 'lab'] as const
/** One of each kind of window, for the team and for keys; few, so that each is often the one that binds. */
const PLACES = [
  { key: undefined, per: 'hour', limit: 400 },
  { key: 'ci', per: 'day', limit: 400 },
  { key: 'lab', per: 'week', limit: 500 },
  { key: undefined, per: 'month', limit: 900 },
  { key: undefined, per: 'total', limit: 1500 },
] as const
const HOUR = 3_600_000
/** A Saturday evening, two days before the month ends. */
const BEGIN = Date.UTC(2026, 10, 28, 22)

const amount = fc.integer({ min: 0, max: 300 })
const ask = fc.tuple(amount, amount).map(([one, other]) => ({
  atMost: nanoUsd(Math.max(one, other)),
  atLeast: nanoUsd(Math.min(one, other)),
}))
const place = fc.constantFrom(...PLACES)
const which = fc.nat()
const step = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      do: fc.constant('hold' as const),
      key: fc.constantFrom(...KEYS),
      ask,
      late: fc.oneof(fc.constant(0), fc.nat(HOUR)),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('extend' as const), which, ask }) },
  { weight: 5, arbitrary: fc.record({ do: fc.constant('settle' as const), which, share: fc.nat(1000) }) },
  // Crosses hours and midnights, and within a few steps the end of the week and of the month.
  { weight: 4, arbitrary: fc.record({ do: fc.constant('wait' as const), ms: fc.nat(1.1e8) }) },
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constant('edit' as const), place, limit: fc.option(fc.nat(1200)) }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constant('raise' as const), place, usd: fc.nat(500), ms: fc.nat(1e8) }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('revoke' as const), which }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('restart' as const) }) },
)
type Step = typeof step extends fc.Arbitrary<infer One> ? One : never
type StepOf<Name extends Step['do']> = Extract<Step, { do: Name }>

interface Entry {
  readonly key: string
  readonly at: number
  /** The budgets in force when it was admitted, which bind it until it ends. */
  readonly binding: readonly Budget[]
  held: number
  cost: number
  hold: Hold | undefined
}

interface Granted {
  readonly id: string
  readonly budget: string
  readonly amount: number
  readonly since: number
  readonly until: number
  revoked: boolean
}

const by = (at: number) => ({ at, who: 'me', via: 'store', reason: 'because' })

class History {
  readonly #file: string
  readonly #entries: Entry[] = []
  readonly #granted: Granted[] = []
  /** The configuration: what each place may spend; absent places have no budget. */
  readonly #limits = new Map<string, Budget>()
  /** The largest limit any request was admitted under, by budget and window. */
  readonly #most = new Map<string, number>()
  #now = BEGIN
  #ledger: Ledger
  #raises: Raises

  private constructor(file: string, ledger: Ledger, raises: Raises) {
    this.#file = file
    this.#ledger = ledger
    this.#raises = raises
    for (const { key, per, limit } of PLACES) this.#limits.set(`${key}/${per}`, budget(limit, per, key))
  }

  static async begin(file: string): Promise<History> {
    const { ledger, raises } = await open(file, BEGIN)
    return new History(file, ledger, raises)
  }

  async take(step: Step): Promise<void> {
    switch (step.do) {
      case 'hold':
        return this.#hold(step)
      case 'extend':
        return this.#extend(step)
      case 'settle':
        return this.#settle(step)
      case 'wait':
        this.#now += step.ms
        return
      case 'edit':
        return this.#edit(step)
      case 'raise':
        return this.#raise(step)
      case 'revoke':
        return this.#revoke(step)
      default:
        return this.#restart()
    }
  }

  check(): void {
    for (const at of [this.#now, this.#now - HOUR]) {
      const inForce = [...this.#limits.values()].map((configured) => this.#raised(configured, at))
      const balances = this.#ledger.balances([...this.#limits.values()], at)
      for (const [index, expected] of inForce.entries()) {
        const balance = balances[index]
        const standing = this.#standing(expected, at)
        assert.deepEqual({ spent: balance?.spent, held: balance?.held }, standing, expected.id)
        assert.equal(balance?.budget.limit, expected.limit, expected.id)
        // Whatever was edited, raised or revoked since, no request exceeded the limit it was admitted under.
        const most = this.#most.get(windowOf(expected, at)) ?? Number.POSITIVE_INFINITY
        assert.ok(standing.spent + standing.held <= most, `${expected.id} is overspent`)
      }
    }
  }

  close(): Promise<void> {
    return this.#ledger.close()
  }

  async #hold({ key, ask, late }: StepOf<'hold'>): Promise<void> {
    const at = this.#now - late
    const configured = [...this.#limits.values()].filter((each) => (each.key ?? key) === key)
    const binding = configured.map((each) => this.#raised(each, at))
    const room = this.#room(binding, at)
    const outcome = await this.#ledger.hold(openRow(at, { key }), configured, ask)
    if (isNoRoom(outcome)) {
      assert.ok(room < ask.atLeast, 'refused without reason')
      const exhausted = binding.some((each) => each.limit - this.#standing(each, at).spent < ask.atLeast)
      assert.equal(outcome.refused, exhausted ? 'exhausted' : 'held')
      return
    }
    if (configured.length > 0) assert.equal(outcome.held, Math.max(0, Math.min(ask.atMost, room)))
    this.#entries.push({ key, at, binding, held: outcome.held, cost: 0, hold: outcome })
    for (const every of PLACES) this.#noteMost(binding, budget(0, every.per, every.key), key, at)
  }

  /** A window in which something was held without a budget has no bound to check. */
  #noteMost(binding: readonly Budget[], asked: Budget, key: string, at: number): void {
    if ((asked.key ?? key) !== key) return
    const limit = binding.find(({ id }) => id === asked.id)?.limit ?? Number.POSITIVE_INFINITY
    const window = windowOf(asked, at)
    this.#most.set(window, Math.max(this.#most.get(window) ?? 0, limit))
  }

  async #extend({ which, ask }: StepOf<'extend'>): Promise<void> {
    const entry = this.#inFlight(which)
    if (entry?.hold === undefined) return
    const room = this.#room(entry.binding, entry.at)
    const added = await entry.hold.extend(ask)
    if (typeof added === 'object') {
      assert.ok(room < ask.atLeast, 'refused without reason')
      return
    }
    if (entry.binding.length > 0) assert.equal(added, Math.max(0, Math.min(ask.atMost, room)))
    entry.held += added
  }

  async #settle({ which, share }: StepOf<'settle'>): Promise<void> {
    const entry = this.#inFlight(which)
    if (entry === undefined) return
    entry.cost = Math.floor((entry.held * share) / 1000)
    const { hold } = entry
    entry.hold = undefined
    entry.held = 0
    await hold?.settle(closing(entry.cost))
  }

  #edit({ place: { key, per }, limit }: StepOf<'edit'>): void {
    if (limit === null) this.#limits.delete(`${key}/${per}`)
    else this.#limits.set(`${key}/${per}`, budget(limit, per, key))
  }

  async #raise({ place: { key, per }, usd, ms }: StepOf<'raise'>): Promise<void> {
    const order = { budget: budget(0, per, key).id, amount: nanoUsd(usd), until: this.#now + ms }
    const { id } = await this.#raises.grant(order, by(this.#now))
    this.#granted.push({ ...order, id, since: this.#now, revoked: false })
  }

  async #revoke({ which }: StepOf<'revoke'>): Promise<void> {
    const granted = this.#granted[which % Math.max(1, this.#granted.length)]
    if (granted === undefined) return
    const isOver = granted.revoked || granted.until <= this.#now
    const revoked = await this.#raises.revoke(granted.id, by(this.#now))
    assert.equal(revoked === undefined, isOver)
    // A raise that has ended stays as it was: in the hour before, it was in force.
    if (!isOver) granted.revoked = true
  }

  async #restart(): Promise<void> {
    await this.#ledger.close()
    const { ledger, raises } = await open(this.#file, this.#now)
    this.#ledger = ledger
    this.#raises = raises
    for (const entry of this.#entries) {
      if (entry.hold === undefined) continue
      entry.hold = undefined
      entry.cost = entry.held
      entry.held = 0
    }
  }

  #inFlight(which: number): Entry | undefined {
    const open = this.#entries.filter(({ hold }) => hold !== undefined)
    return open[which % Math.max(1, open.length)]
  }

  #raised(configured: Budget, at: number): Budget {
    const more = this.#granted
      .filter(({ budget, revoked }) => budget === configured.id && !revoked)
      .filter(({ since, until }) => since <= at && at < until)
      .reduce((sum, { amount }) => sum + amount, 0)
    return { ...configured, limit: nanoUsd(configured.limit + more) }
  }

  #room(binding: readonly Budget[], at: number): number {
    const left = binding.map((each) => {
      const { spent, held } = this.#standing(each, at)
      return each.limit - spent - held
    })
    return Math.min(...left)
  }

  #standing(asked: Budget, at: number): { spent: number; held: number } {
    const { start, end } = spanAt(asked.per, at)
    const counted = this.#entries.filter(
      (entry) =>
        (asked.key ?? entry.key) === entry.key && entry.at >= start && (end === null || entry.at < end),
    )
    return {
      spent: counted.reduce((sum, { cost }) => sum + cost, 0),
      held: counted.reduce((sum, { held }) => sum + held, 0),
    }
  }
}

function windowOf({ id, per }: Budget, at: number): string {
  return `${id}@${spanAt(per, at).start}`
}

async function open(file: string, at: number): Promise<{ ledger: Ledger; raises: Raises }> {
  const store = openStore(file)
  const raises = await Raises.open(createSqliteRaiseLog(store), at)
  return { ledger: raisedLedger(ledgerOf(store), raises), raises }
}

test('holds exactly what the limits in force allow, through rollovers, edits, raises, revocations and restarts', async () => {
  const property = fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 70 }), async (steps) => {
    const directory = temporaryDirectory()
    const history = await History.begin(join(directory.path, 'ledger.db'))
    try {
      for (const step of steps) {
        await history.take(step)
        history.check()
      }
    } finally {
      await history.close()
      directory.dispose()
    }
  })
  await fc.assert(property, { numRuns: 300 })
})
