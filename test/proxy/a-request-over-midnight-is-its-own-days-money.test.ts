import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setImmediate } from 'node:timers/promises'
import { ask, askWhole } from '../support/client.ts'
import { eventually } from '../support/eventually.ts'
import { keyEntry, openHouse } from '../support/house.ts'
import { chatBody } from '../support/written-upstream.ts'

const HOUR = 3_600_000
const server = { listen: '127.0.0.1:0', admin: '127.0.0.1:0', drain: '200ms', admin_token: 'an-admin-token' }

interface Standing {
  readonly id: string
  readonly spent_usd: number
  readonly held_usd: number
  readonly resets_at: string
}

/** A clock that stands still until it is set. */
function clockAt(at: number) {
  const clock = { at, now: () => clock.at, elapsed: () => performance.now() }
  return clock
}

test('a stream across midnight costs the new window nothing, for team and key', async (t) => {
  const clock = clockAt(Date.UTC(2026, 10, 30, 23, 59, 59))
  const usd = 0.01
  const team = {
    budgets: [{ usd, per: 'day' }],
    keys: [keyEntry('sk-test', { budgets: [{ usd, per: 'month' }] })],
  }
  const house = await openHouse(t, { settings: { server }, team, clock })
  const standing = async () => {
    const headers = { authorization: 'Bearer an-admin-token' }
    const answer = await fetch(`${house.adminUrl}/api/budgets`, { headers })
    const { budgets } = (await answer.json()) as { budgets: Standing[] }
    return budgets
  }
  house.simulator.follow(({ stream }) =>
    stream ? { fault: { kind: 'pause', when: 'mid_frame' } } : undefined,
  )
  // It holds the whole budget, so any other request today is refused.
  const late = await ask(house.chatUrl, { body: chatBody({ stream: true }) })
  assert.match(String(late.headers['x-trivium-adapted']), /max_completion_tokens/)
  assert.equal((await askWhole(house.chatUrl, { body: chatBody() })).status, 429)
  for (const { held_usd } of await standing()) assert.ok(held_usd > usd * 0.9)

  clock.at = Date.UTC(2026, 11, 1, 0, 0, 1)
  for (const { held_usd, spent_usd } of await standing()) assert.deepEqual([held_usd, spent_usd], [0, 0])
  const early = await askWhole(house.chatUrl, { body: chatBody() })
  assert.equal(early.status, 200)
  house.simulator.release()
  assert.equal(await late.ended, 'whole')
  const [lateRow, earlyRow] = await Promise.all(
    [late, early].map(({ headers }) => house.row(headers['x-request-id'])),
  )
  assert.deepEqual([lateRow?.outcome, earlyRow?.outcome], ['ok', 'ok'])
  const [day, month] = await standing()
  assert.deepEqual(
    [day?.id, day?.resets_at, month?.id, month?.resets_at],
    [
      'team:research/day',
      '2026-12-02T00:00:00.000Z',
      'key:research/sk-test/month',
      '2027-01-01T00:00:00.000Z',
    ],
  )
  for (const each of [day, month]) {
    assert.deepEqual([each?.spent_usd, each?.held_usd], [(earlyRow?.cost_nusd ?? 0) / 1e9, 0])
  }
  clock.at -= HOUR
  for (const { spent_usd, held_usd } of await standing()) {
    assert.deepEqual([spent_usd, held_usd], [(lateRow?.cost_nusd ?? 0) / 1e9, 0])
  }
  assert.ok((lateRow?.cost_nusd ?? 0) > 0 && (earlyRow?.cost_nusd ?? 0) > 0)
})

test('under load across several midnights no day is overspent, and every bill is booked', async (t) => {
  const DAY = 24 * HOUR
  const clock = clockAt(Date.UTC(2026, 10, 29, 23, 59, 59))
  const usd = 0.05
  const house = await openHouse(t, { team: { budgets: [{ usd, per: 'day' }] }, clock })
  const days = 4
  const asked: Promise<{ readonly status: number }>[] = []
  for (let day = 0; day < days; day += 1) {
    for (let index = 0; index < 60; index += 1) {
      const body = chatBody({ stream: index % 2 === 0, max_tokens: 100 + index, n: 1 + (index % 3) })
      asked.push(askWhole(house.chatUrl, { body }))
      // Some arrive before the next midnight and end after it.
      if (index % 10 === 9) await setImmediate()
    }
    await Promise.race(asked.slice(-60))
    clock.at += DAY
  }
  const statuses = (await Promise.all(asked)).map(({ status }) => status)
  assert.deepEqual([...new Set(statuses)].toSorted(), [200, 429])
  const rows = await eventually(() => {
    const all = house.rows()
    return all.length === asked.length && all.every(({ outcome }) => outcome !== null) ? all : undefined
  })
  const spent = Map.groupBy(rows, ({ at }) => Math.floor(at / DAY))
  assert.ok(spent.size >= days - 1, `${spent.size} days`)
  let total = 0
  for (const [day, ofDay] of spent) {
    const sum = ofDay.reduce((all, { cost_nusd }) => all + (cost_nusd ?? 0), 0)
    assert.ok(sum <= usd * 1e9, `day ${day}: ${sum}`)
    total += sum
  }
  assert.equal(total, house.simulator.billedNanoUsd())
})

test('a reload that changes, removes and adds budgets keeps what is spent and held', async (t) => {
  const house = await openHouse(t, { settings: { server }, team: { budgets: [{ usd: 1, per: 'day' }] } })
  const budgets = async () => {
    const headers = { authorization: 'Bearer an-admin-token' }
    return (
      (await (await fetch(`${house.adminUrl}/api/budgets`, { headers })).json()) as { budgets: Standing[] }
    ).budgets
  }
  house.simulator.follow(({ stream }) =>
    stream ? { fault: { kind: 'pause', when: 'mid_frame' } } : undefined,
  )
  await askWhole(house.chatUrl, { body: chatBody() })
  const open = await ask(house.chatUrl, { body: chatBody({ stream: true, max_tokens: 300 }) })
  await open.until('content')
  const [before] = await budgets()
  assert.ok(before !== undefined && before.held_usd > 0 && before.spent_usd > 0)
  house.rewrite({
    settings: { server },
    team: {
      budgets: [
        { usd: 7, per: 'month' },
        { usd: 2, per: 'day' },
      ],
      keys: [keyEntry('sk-test', { budgets: [{ usd: 3, per: 'total' }] })],
    },
  })
  await house.reload()
  const after = await budgets()
  assert.deepEqual(
    after.map(({ id }) => id),
    ['team:research/month', 'team:research/day', 'key:research/sk-test/total'],
  )
  for (const { spent_usd, held_usd } of after) {
    assert.deepEqual([spent_usd, held_usd], [before.spent_usd, before.held_usd])
  }
  house.simulator.release()
  await open.ended
  const row = await house.row(open.headers['x-request-id'])
  for (const { spent_usd, held_usd } of await budgets()) {
    assert.ok(Math.abs(spent_usd - (before.spent_usd + (row.cost_nusd ?? 0) / 1e9)) < 1e-12)
    assert.equal(held_usd, 0)
  }
})
