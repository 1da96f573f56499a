import { DAY } from '../../base/durations.ts'
import { nanoUsd, toUsd } from '../../base/money.ts'
import type { TeamSettings } from '../../config/schema/team-schema.ts'
import type { LedgerViews } from '../../ledger/views.ts'
import { type TeamBudget, type TeamKey, TeamPage, Teams } from './answers/teams.ts'
import { shownBalance } from './budget-endpoints.ts'
import { type Endpoint, endpoint } from './endpoint.ts'
import { Refused } from './refused.ts'
import type { TeamParts } from './team-parts.ts'
import { fromViews } from './view-refusal.ts'

const SPEND_DAYS = 30

interface ReadParts extends Omit<TeamParts, 'workshop' | 'reload' | 'views'> {
  readonly views: Pick<LedgerViews, 'spend' | 'keyUses'>
}

/** What teams may do and what they have spent. */
export function teamEndpoints(parts: ReadParts): readonly Endpoint[] {
  const { teams, views, now } = parts
  return [
    endpoint({
      method: 'GET',
      path: '/api/teams',
      role: 'viewer',
      summary: 'List all teams with their budgets and limits.',
      answer: Teams,
      run() {
        const budgetsOf = readBudgets(parts)
        return {
          teams: Object.entries(teams()).map(([team, settings]) => ({
            team,
            budgets: budgetsOf(team, undefined),
            keys: settings.keys.length,
            limits: limitsOf(settings.limits),
          })),
        }
      },
    }),
    endpoint({
      method: 'GET',
      path: '/api/teams/:team',
      role: 'viewer',
      summary: 'Get one team: budgets, limits, keys and daily spend.',
      answer: TeamPage,
      async run({ params: { team } }) {
        const settings = knownTeam(parts, team)
        const since = (Math.floor(now() / DAY) - SPEND_DAYS + 1) * DAY
        const [spend, uses] = await Promise.all([
          fromViews(views.spend('day', { team, since })),
          fromViews(views.keyUses(team)),
        ])
        const lastUses = new Map(uses.map(({ key, at }) => [key, at]))
        const budgetsOf = readBudgets(parts)
        return {
          team,
          budgets: budgetsOf(team, undefined),
          limits: limitsOf(settings.limits),
          when_exhausted: settings.when_exhausted,
          routing: settings.routing,
          models: settings.models ?? null,
          endpoints: settings.endpoints,
          capture: settings.capture ?? parts.captureMode(),
          keys: settings.keys.map((key) => ({
            ...shownKey(key, now(), lastUses.get(key.id)),
            budgets: budgetsOf(team, key.id),
          })),
          spend: spend.map(({ group, requests, cost_nusd, baseline_nusd }) => ({
            day: group,
            requests,
            cost_usd: toUsd(nanoUsd(cost_nusd)),
            baseline_usd: toUsd(nanoUsd(baseline_nusd)),
          })),
        }
      },
    }),
  ]
}

/** Throws `Refused` (404) for a team that is not in the configuration. */
export function knownTeam({ teams }: Pick<TeamParts, 'teams'>, team: string): TeamSettings {
  const all = teams()
  const settings = Object.hasOwn(all, team) ? all[team] : undefined
  if (settings !== undefined) return settings
  throw new Refused(404, 'team_not_found', `The configuration has no team "${team.slice(0, 100)}".`)
}

/**
 * Budgets of each team itself (key undefined) and of each key. All balances are read at once and only once:
 * ten thousand times, for each of ten thousand teams, held requests up for twenty seconds.
 */
function readBudgets({
  balances,
  raises,
  now,
}: ReadParts): (team: string, key: string | undefined) => TeamBudget[] {
  const raised = new Map<string, number>()
  for (const { budget, amount } of raises.inForce(now())) {
    raised.set(budget, (raised.get(budget) ?? 0) + amount)
  }
  const holderOf = (team: string, key: string | undefined) => `${team}/${key ?? ''}`
  const byHolder = Map.groupBy(balances(), ({ budget }) => holderOf(budget.team, budget.key))
  return (team, key) =>
    (byHolder.get(holderOf(team, key)) ?? []).map((balance) => ({
      ...shownBalance(balance),
      raised_usd: toUsd(nanoUsd(raised.get(balance.budget.id) ?? 0)),
    }))
}

function shownKey(
  { id, sha256, expires, previous, limits }: TeamSettings['keys'][number],
  now: number,
  lastUsed: number | undefined,
): Omit<TeamKey, 'budgets'> {
  return {
    id,
    fingerprint: sha256.slice(0, 12),
    expires: expires === undefined ? null : isoOf(expires),
    expired: expires !== undefined && expires <= now,
    last_used: lastUsed === undefined ? null : isoOf(lastUsed),
    old_serves_until: previous !== undefined && previous.expires > now ? isoOf(previous.expires) : null,
    limits: limitsOf(limits),
  }
}

function limitsOf({ requests_per_minute, tokens_per_minute, concurrent }: TeamSettings['limits']) {
  return {
    requests_per_minute: requests_per_minute ?? null,
    tokens_per_minute: tokens_per_minute ?? null,
    concurrent: concurrent ?? null,
  }
}

function isoOf(at: number): string {
  return new Date(at).toISOString()
}
