import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, type TestContext, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { nanoUsd } from '../../../src/base/money.ts'
import type { Budget } from '../../../src/budget/budget.ts'
import { type Hold, isNoRoom, type Ledger } from '../../../src/ledger/ledger.ts'
import { slotOf } from '../../../src/redis/cluster/slot.ts'
import { StoreUnavailable } from '../../../src/redis/store-unavailable.ts'
import { budget, closing, openRow } from '../../support/ledger-rows.ts'
import {
  type ClusteredStores,
  type Replica,
  type ReplicaOptions,
  startClusteredStores,
  withoutShared,
} from '../../support/shared-stores.ts'

const BUDGET = 1_000_000
/** Each on a node of its own. */
const TEAMS = ['b', 'c', 'a'] as const

describe('a ledger shared through a Redis cluster', { skip: withoutShared }, () => {
  let stores: ClusteredStores
  before(async () => {
    stores = await startClusteredStores()
  })
  beforeEach(() => stores.empty())
  after(() => stores.dispose())

  async function replica(context: TestContext, options?: ReplicaOptions): Promise<Replica> {
    const opened = await stores.open({ budgets: TEAMS.map(budgetOf), ...options })
    context.after(() => opened.close())
    return opened
  }

  test('a dead node’s teams are refused at once, others go on, and its sums return after it restarts empty', async (t) => {
    const [one, other] = [await replica(t, { deadlineMs: 40 }), await replica(t)]
    for (const team of TEAMS) await spend(one.ledger, team, 300)
    await seen(async () => (await booked()) === 900)
    // The node that holds the list of teams: the hardest to lose.
    const lost = TEAMS.find((team) => stores.cluster.ownerOf(stateOf(team)) === listOwner())
    assert.ok(lost)
    const inFlight = await held(other.ledger, lost, 500)
    await listOwner().kill()
    await seen(async () => /not all serve/.test(warningOf(one.ledger)))
    const asked = performance.now()
    await assert.rejects(held(one.ledger, lost, 1), StoreUnavailable)
    assert.ok(performance.now() - asked < 500, 'at once; the rest is this machine’s')
    const settled = inFlight.settle(closing(450))
    for (const team of TEAMS.filter((each) => each !== lost)) await spend(other.ledger, team, 50)
    await seen(async () => (await booked()) === 1_000)

    await listOwner().start()
    await seen(async () => warningOf(one.ledger) === '')
    assert.equal(await settled, true)
    await seen(async () => (await booked()) === 1_450)
    await seen(async () => standing(one.ledger, lost) === '750 spent, 0 held')
    await seen(async () => standing(other.ledger, lost) === '750 spent, 0 held')
  })

  test('a team may be refused while its slot moves, but nothing is lost or counted twice', async (t) => {
    const replicas = [await replica(t), await replica(t)]
    const [team] = TEAMS
    const to = stores.cluster.nodes.find((node) => node !== stores.cluster.ownerOf(stateOf(team)))
    assert.ok(to)
    let [billed, served, moving] = [0, 0, true]
    const refusals: unknown[] = []
    const client = async (index: number) => {
      while (moving) {
        const { ledger } = replicas[index % 2] ?? assert.fail()
        try {
          const cost = await spend(ledger, team, 1 + (index % 5))
          billed += cost
          served += 1
        } catch (error) {
          refusals.push(error)
          await sleep(5)
        }
      }
    }
    const clients = Array.from({ length: 10 }, (_, index) => client(index))
    await seen(async () => served > 100)
    await stores.cluster.moveSlot(slotOf(stateOf(team)), to, () => sleep(300))
    const before = served
    await seen(async () => served > before + 100)
    moving = false
    await Promise.all(clients)
    assert.ok(refusals.every((error) => error instanceof StoreUnavailable))
    await seen(async () => (await booked()) === billed)
    for (const { ledger } of replicas)
      await seen(async () => standing(ledger, team) === `${billed} spent, 0 held`)
  })

  function listOwner() {
    return stores.cluster.ownerOf('trivium:teams')
  }

  async function booked(): Promise<number> {
    const [row] = await stores.query('SELECT coalesce(sum(cost_nusd), 0)::text AS sum FROM ledger')
    return Number(row?.sum)
  }
})

function budgetOf(team: string): Budget {
  return budget(BUDGET, 'total', undefined, team)
}

function stateOf(team: string): string {
  return `trivium:{${team}}:state`
}

function warningOf(ledger: Ledger): string {
  const health = ledger.health()
  return health.ok ? (health.warning ?? '') : health.why
}

function standing(ledger: Ledger, team: string): string {
  const [balance] = ledger.balances([budgetOf(team)], Date.now())
  return `${balance?.spent} spent, ${balance?.held} held`
}

async function held(ledger: Ledger, team: string, amount: number): Promise<Hold> {
  const asked = { atMost: nanoUsd(amount), atLeast: nanoUsd(amount) }
  const outcome = await ledger.hold(openRow(Date.now(), { team }), [budgetOf(team)], asked)
  assert.ok(!isNoRoom(outcome), 'there is room')
  return outcome
}

/** Makes one request that costs what it held, and returns that cost. */
async function spend(ledger: Ledger, team: string, amount: number): Promise<number> {
  await (await held(ledger, team, amount)).settle(closing(amount))
  return amount
}

const PATIENCE_MS = 15_000

async function seen(look: () => Promise<boolean>): Promise<void> {
  const deadline = performance.now() + PATIENCE_MS
  while (!(await look())) {
    assert.ok(performance.now() < deadline, `not seen within ${PATIENCE_MS} ms: ${look}`)
    await sleep(20)
  }
}
