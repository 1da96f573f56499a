import { fromUsd } from '../base/money.ts'
import type { Budget } from '../budget/budget.ts'
import type { CaptureMode } from '../capture/mode.ts'
import type { Key, Team } from '../flow/team.ts'
import type { Limits } from '../limits/limiter.ts'
import { type KeySettings, type LimitSettings, TeamSettings } from './schema/team-schema.ts'

/**
 * A team as the request path sees it. Ids of budgets and subjects are built from names, so they survive a
 * reload. `capture` is the default for what is kept of prompts.
 */
export function compileTeam(name: string, settings: TeamSettings, capture: CaptureMode): Team {
  return {
    name,
    budgets: settings.budgets.map(
      ({ usd, per }): Budget => ({
        id: `team:${name}/${per}`,
        team: name,
        limit: fromUsd(usd),
        per,
        alertAt: settings.alert_at,
      }),
    ),
    subject: { id: `team:${name}`, limits: compileLimits(settings.limits) },
    whenExhausted: settings.when_exhausted,
    minOutput: settings.min_output,
    models: settings.models && new Set(settings.models),
    routing: settings.routing,
    endpoints: new Set(settings.endpoints),
    capture: settings.capture ?? capture,
  }
}

/** `alertAt` comes from the team: fractions of the key's budgets that trigger an alert. */
export function compileKey(team: Team, settings: KeySettings, alertAt: readonly number[]): Key {
  const { id } = settings
  return {
    id,
    team,
    budgets: settings.budgets.map(
      ({ usd, per }): Budget => ({
        id: `key:${team.name}/${id}/${per}`,
        team: team.name,
        key: id,
        limit: fromUsd(usd),
        per,
        alertAt,
      }),
    ),
    subject: { id: `key:${team.name}/${id}`, limits: compileLimits(settings.limits) },
    expiresAt: settings.expires,
  }
}

/** Every budget of these teams and their keys. */
export function budgetsOf(teams: Readonly<Record<string, TeamSettings>>): readonly Budget[] {
  return Object.entries(teams).flatMap(([name, settings]) => {
    const team = compileTeam(name, settings, 'none')
    const keys = settings.keys.map((key) => compileKey(team, key, settings.alert_at))
    return [team, ...keys].flatMap(({ budgets }) => budgets)
  })
}

/**
 * The key that stands for every client under `auth: passthrough`: team `default`, bound only by the team's
 * limits.
 */
export function passthroughKey(settings: TeamSettings | undefined, capture: CaptureMode): Key {
  const team = compileTeam('default', settings ?? TeamSettings.parse({}), capture)
  return {
    id: 'passthrough',
    team,
    budgets: [],
    subject: { id: 'key:default/passthrough', limits: {} },
    expiresAt: undefined,
  }
}

function compileLimits(settings: LimitSettings): Limits {
  const { requests_per_minute, tokens_per_minute, concurrent } = settings
  return {
    ...(requests_per_minute !== undefined && { requestsPerMinute: requests_per_minute }),
    ...(tokens_per_minute !== undefined && { tokensPerMinute: tokens_per_minute }),
    ...(concurrent !== undefined && { concurrent }),
  }
}
