import type { ReadingParts } from '../admin/api/reading-endpoints.ts'
import type { Clock } from '../base/clock.ts'
import type { Configuration } from '../config/configuration.ts'
import type { Limits } from '../limits/limiter.ts'
import type { Lifecycle } from '../upstream/lifecycle.ts'

interface Parts {
  /** The configuration in force. */
  configuration(): Configuration
  readonly lifecycle: Lifecycle
  readonly clock: Clock
}

/** What readers of the ledger need from the configuration in force. */
export function readerContextOf({
  configuration,
  lifecycle,
  clock,
}: Parts): Pick<ReadingParts, 'prices' | 'modelsOf' | 'retirements' | 'termsOf' | 'explain' | 'now'> &
  Pick<Clock, 'elapsed'> {
  const runtime = () => configuration().runtime
  return {
    now: () => clock.now(),
    elapsed: () => clock.elapsed(),
    prices: () => runtime().prices,
    explain: (turns) => runtime().classifier.explain(turns.map((content) => ({ role: 'user', content }))),
    modelsOf: (name) => runtime().routes[name].map(({ model }) => model),
    retirements: () =>
      [...new Set(Object.values(runtime().routes).flat())].flatMap((target) => {
        const end = lifecycle.endOf(target)
        return end === undefined ? [] : [{ model: target.model, at: end.at }]
      }),
    termsOf: (team, id) => {
      const settings = configuration().config.settings.teams[team]?.keys.find((each) => each.id === id)
      const key = settings && runtime().keyOf(settings.sha256)
      if (key === undefined) return undefined
      return {
        expiresAt: key.expiresAt,
        limits: shownLimits(key.subject.limits),
        teamLimits: shownLimits(key.team.subject.limits),
        models: key.team.models === undefined ? null : [...key.team.models],
        budgets: new Map([...key.budgets, ...key.team.budgets].map((each) => [each.id, each.limit])),
      }
    },
  }
}

function shownLimits({ requestsPerMinute, tokensPerMinute, concurrent }: Limits) {
  return {
    requests_per_minute: requestsPerMinute ?? null,
    tokens_per_minute: tokensPerMinute ?? null,
    concurrent: concurrent ?? null,
  }
}
