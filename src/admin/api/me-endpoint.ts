import { DAY } from '../../base/durations.ts'
import { type NanoUsd, nanoUsd, subtract, toUsd } from '../../base/money.ts'
import type { Balance } from '../../budget/budget.ts'
import type { LedgerViews } from '../../ledger/views.ts'
import { isoOf, shownRow } from '../view/shown-row.ts'
import { Me } from './answers/me.ts'
import { shownBalance } from './budget-endpoints.ts'
import { type Endpoint, endpoint } from './endpoint.ts'
import { Refused } from './refused.ts'
import { fromViews } from './view-refusal.ts'

/** What a key may do, besides its budgets. */
export interface KeyTerms {
  readonly expiresAt: number | undefined
  readonly limits: Me['limits']
  readonly teamLimits: Me['team_limits']
  readonly models: Me['models']
  /** Configured limits, without raises, of the budgets that bind the key, by id. The key's own come first. */
  readonly budgets: ReadonlyMap<string, NanoUsd>
}

export interface MeParts {
  readonly views: LedgerViews
  balances(): readonly Balance[]
  /** Undefined for a key that is not in the configuration. */
  termsOf(team: string, key: string): KeyTerms | undefined
  now(): number
}

const SPEND_DAYS = 30
const NEWEST = 20

/** A key holder's own view. Team and key come from the credential, so no holder can ask for another's. */
export function meEndpoint({ views, balances, termsOf, now }: MeParts): Endpoint {
  return endpoint({
    method: 'GET',
    path: '/api/me',
    role: 'holder',
    summary: 'Show the calling API key: its budgets, limits, spend and newest requests.',
    answer: Me,
    async run({ caller }) {
      const terms = caller.role === 'holder' ? termsOf(caller.team, caller.key) : undefined
      if (caller.role !== 'holder' || terms === undefined)
        throw new Refused(403, 'forbidden', 'This is for holders of API keys.')
      const { team, key } = caller
      const since = (Math.floor(now() / DAY) - SPEND_DAYS + 1) * DAY
      const [spend, look] = await Promise.all([
        fromViews(views.spend('day', { team, key, since })),
        fromViews(views.list({ team, key }, NEWEST)),
      ])
      return {
        team,
        key,
        expires: terms.expiresAt === undefined ? null : isoOf(terms.expiresAt),
        budgets: budgetsOf(terms, balances()),
        limits: terms.limits,
        team_limits: terms.teamLimits,
        models: terms.models,
        spend: spend.map(({ group, requests, cost_nusd, baseline_nusd }) => ({
          day: group,
          requests,
          cost_usd: toUsd(nanoUsd(cost_nusd)),
          baseline_usd: toUsd(nanoUsd(baseline_nusd)),
        })),
        requests: look.rows.map(shownRow),
      }
    },
  })
}

function budgetsOf({ budgets }: KeyTerms, balances: readonly Balance[]): Me['budgets'] {
  return [...budgets].flatMap(([id, limit]) => {
    const balance = balances.find(({ budget }) => budget.id === id)
    if (balance === undefined) return []
    return [{ ...shownBalance(balance), raised_usd: toUsd(subtract(balance.budget.limit, limit)) }]
  })
}
