import { toUsd } from '../../base/money.ts'
import type { Balance } from '../../budget/budget.ts'
import type { Family, Labels } from './family.ts'

export interface BudgetVitals {
  /** The current standing of every budget. */
  balances(): readonly Balance[]
  readonly alerts: {
    /** Alerts not yet delivered to the webhook. */
    waiting(): Promise<number>
    /** Results of delivery attempts since the process started. */
    readonly attempts: Readonly<Record<string, number>>
  }
}

/**
 * The standing of budgets and the state of their alerts. Without a credential, only crossed thresholds are
 * shown, never amounts.
 */
export function budgetFamilies({ balances, alerts }: BudgetVitals): readonly Family[] {
  const sums = (name: string, help: string, of: (balance: Balance) => number): Family => ({
    name,
    help,
    type: 'gauge',
    labels: ['budget', 'team'],
    guarded: true,
    samples: () => balances().map((each) => [labelsOf(each), of(each)]),
  })
  return [
    sums('trivium_budget_limit_usd', 'Limit of a budget, including raises.', ({ budget }) =>
      toUsd(budget.limit),
    ),
    sums('trivium_budget_spent_usd', 'Spent from a budget in its current window.', ({ spent }) =>
      toUsd(spent),
    ),
    sums('trivium_budget_held_usd', 'Held from a budget for requests in flight.', ({ held }) => toUsd(held)),
    {
      name: 'trivium_budget_alert',
      help: '1 while the spend of a budget in its current window is at or above the threshold.',
      type: 'gauge',
      labels: ['budget', 'threshold'],
      samples: () =>
        balances().flatMap(({ budget, spent }) =>
          (budget.alertAt ?? []).map((threshold): [Labels, number] => [
            { budget: budget.id, threshold },
            Number(spent / budget.limit >= threshold),
          ]),
        ),
    },
    {
      name: 'trivium_alerts_waiting',
      help: 'Alerts waiting to be delivered to the webhook.',
      type: 'gauge',
      labels: [],
      // If the store is down this metric is missing, but all others are still reported.
      samples: () =>
        alerts.waiting().then(
          (count): [Labels, number][] => [[{}, count]],
          () => [],
        ),
    },
    {
      name: 'trivium_alert_attempts_total',
      help: 'Attempts to deliver alerts, by outcome.',
      type: 'counter',
      labels: ['outcome'],
      samples: () => Object.entries(alerts.attempts).map(([outcome, count]) => [{ outcome }, count]),
    },
  ]
}

function labelsOf({ budget }: Balance): Labels {
  return { budget: budget.id, team: budget.team }
}
