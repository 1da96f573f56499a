import { Gauge, type Registry } from 'prom-client'
import type { Balance } from '../budget/ledger.ts'

export interface AlertVitals {
  /** Where every budget stands now. */
  balances(): readonly Balance[]
  readonly alerts: {
    /** Alerts on their way to the webhook. */
    waiting(): Promise<number>
    /** What attempts to deliver have come to since the process started. */
    readonly attempts: Readonly<Record<string, number>>
  }
}

/** What `/metrics` tells of alerts. It needs no token, so it says where thresholds are, never how much money. */
export function addAlertMetrics(registry: Registry, vitals: AlertVitals): void {
  const registers = [registry]
  new Gauge({
    name: 'trivium_budget_alert',
    help: '1 while what a budget has spent in its present window is at or above the threshold.',
    labelNames: ['budget', 'threshold'],
    registers,
    collect() {
      this.reset()
      for (const { budget, spent } of vitals.balances()) {
        for (const threshold of budget.alertAt ?? []) {
          this.set({ budget: budget.id, threshold }, Number(spent / budget.limit >= threshold))
        }
      }
    },
  })
  new Gauge({
    name: 'trivium_alerts_waiting',
    help: 'Alerts on their way to the webhook.',
    registers,
    async collect() {
      this.set(await vitals.alerts.waiting())
    },
  })
  new Gauge({
    name: 'trivium_alert_attempts',
    help: 'What attempts to deliver alerts have come to since the start.',
    labelNames: ['outcome'],
    registers,
    collect() {
      for (const [outcome, count] of Object.entries(vitals.alerts.attempts)) this.set({ outcome }, count)
    },
  })
}
