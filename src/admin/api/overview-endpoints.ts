import { z } from 'zod'
import { DAY, HOUR } from '../../base/durations.ts'
import type { PromptClass } from '../../base/prompt-class.ts'
import type { Balance } from '../../budget/budget.ts'
import type { Counted, LedgerViews } from '../../ledger/views.ts'
import type { PriceBook } from '../../pricing/price-book.ts'
import { overviewOf } from '../view/overview.ts'
import { savingsOf } from '../view/savings.ts'
import { isoOf } from '../view/shown-row.ts'
import { type PageWindow, WINDOW_NAMES, windowAt } from '../view/window.ts'
import { Overview } from './answers/overview.ts'
import { Savings } from './answers/savings.ts'
import { shownBalance } from './budget-endpoints.ts'
import { type Endpoint, endpoint } from './endpoint.ts'
import { fromViews } from './view-refusal.ts'

export interface OverviewParts {
  readonly views: LedgerViews
  balances(): readonly Balance[]
  readiness(): Overview['health']
  /** Models on a route that have a shutdown date; milliseconds since the epoch. */
  retirements(): readonly { readonly model: string; readonly at: number }[]
  prices(): PriceBook
  /** The first models of a class's route. */
  modelsOf(name: PromptClass): readonly string[]
  now(): number
}

const Query = z.strictObject({
  window: z.enum(WINDOW_NAMES).default('24h'),
  team: z.string().min(1).max(200).optional(),
})

/** Budgets shown; more would hide those that matter. */
const MOST_BUDGETS = 20

/** Recent activity and savings. */
export function overviewEndpoints(parts: OverviewParts): readonly Endpoint[] {
  const { views, now } = parts
  const countIn = ({ from, to, stepMs }: PageWindow, team: string | undefined) =>
    fromViews(views.count({ team, from, until: Math.ceil((to + 1) / HOUR) * HOUR, stepMs }))
  return [
    endpoint({
      method: 'GET',
      path: '/api/overview',
      role: 'viewer',
      summary: 'Summarise a time window: requests, money, classes, confidence, latency, budgets, health.',
      query: Query,
      answer: Overview,
      async run({ query: { window, team } }) {
        const page = windowAt(window, now())
        const counted = await countIn(page, team)
        return {
          ...overviewOf(page, counted),
          budgets: nearestToTheirEnd(parts.balances(), team),
          retirements: retirementsOf(parts, counted),
          health: parts.readiness(),
        }
      },
    }),
    endpoint({
      method: 'GET',
      path: '/api/savings',
      role: 'viewer',
      summary:
        'Show what routing saved compared with one good model for everything, by class, and the limits of that comparison.',
      query: Query,
      answer: Savings,
      async run({ query: { window, team } }) {
        const page = windowAt(window, now())
        const [counted, sample] = await Promise.all([
          countIn(page, team),
          fromViews(views.cacheSample({ team, since: page.from })),
        ])
        const baselineModels = parts.modelsOf('language_heavy').slice(0, 1)
        return savingsOf({ window: page, counted, sample, prices: parts.prices(), baselineModels })
      },
    }),
  ]
}

function nearestToTheirEnd(balances: readonly Balance[], team: string | undefined) {
  const left = ({ budget, spent, held }: Balance) => 1 - (spent + held) / Math.max(1, budget.limit)
  return balances
    .filter(({ budget }) => team === undefined || budget.team === team)
    .toSorted((one, other) => left(one) - left(other))
    .slice(0, MOST_BUDGETS)
    .map(shownBalance)
}

function retirementsOf({ retirements, now }: OverviewParts, { usage }: Counted): Overview['retirements'] {
  const ends = new Map(retirements().map(({ model, at }) => [model, at]))
  return [...ends]
    .toSorted(([, one], [, other]) => one - other)
    .map(([model, at]) => ({
      model,
      at: isoOf(at),
      // As `trivium check` counts: a day that has begun counts in full.
      days: Math.ceil((at - now()) / DAY),
      routed: usage.reduce((sum, line) => sum + (line.target === model ? line.requests : 0), 0),
    }))
}
