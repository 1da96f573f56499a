import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Teams } from '../../../src/admin/api/answers/teams.ts'
import { teamEndpoints } from '../../../src/admin/api/team-endpoints.ts'
import { nanoUsd } from '../../../src/base/money.ts'
import { Raises } from '../../../src/budget/raises.ts'
import { TeamSettings } from '../../../src/config/schema/team-schema.ts'
import { asAdmin, serverOf } from '../../support/admin-api.ts'

const NOON = Date.UTC(2026, 10, 22, 12)
const NAMES = ['physics', 'law', 'empty']
const budgetOf = (team: string, key?: string) => ({
  id: key === undefined ? `team:${team}/day` : `key:${team}/${key}/day`,
  team,
  ...(key !== undefined && { key }),
  limit: nanoUsd(team.length * 1e9),
  per: 'day' as const,
})

// All balances were read again for each team: with ten thousand, the list held requests up for twenty seconds.
test('the list of teams reads all balances once, and gives each team its own budgets', async (t) => {
  let reads = 0
  const balances = () => {
    reads += 1
    return [budgetOf('law'), budgetOf('law', 'ci'), budgetOf('physics')].map((budget) => ({
      budget,
      spent: nanoUsd(0),
      held: nanoUsd(0),
      resetsAt: null,
    }))
  }
  const raises = await Raises.open({ append: async () => true, entries: async () => [] }, NOON)
  const order = { budget: 'team:law/day', until: NOON + 1 }
  const decision = { at: NOON, who: 'ada', via: 'admin', reason: 'a case' } as const
  for (const usd of [1, 2]) await raises.grant({ ...order, amount: nanoUsd(usd * 1e9) }, decision)
  const unasked = async () => assert.fail('the list needs no view')
  const app = serverOf(
    teamEndpoints({
      teams: () => Object.fromEntries(NAMES.map((name) => [name, TeamSettings.parse({})])),
      captureMode: () => 'none',
      balances,
      raises,
      views: { spend: unasked, keyUses: unasked },
      now: () => NOON,
    }),
  )
  t.after(() => app.close())
  const answer = await app.inject({ url: '/api/teams', headers: asAdmin })
  const { teams } = Teams.parse(answer.json())
  assert.deepEqual(
    teams.map(({ team, budgets }) => [team, budgets.map(({ id, raised_usd }) => [id, raised_usd])]),
    [
      ['physics', [['team:physics/day', 0]]],
      ['law', [['team:law/day', 3]]],
      ['empty', []],
    ],
  )
  assert.equal(reads, 1)
})
