import { setTimeout as sleep } from 'node:timers/promises'
import type { Budget } from '../budget/budget.ts'
import type { Ledger } from '../ledger/ledger.ts'
import type { AlertBook, SpentAt } from './alert.ts'
import { Courier } from './courier.ts'
import type { WebhookSettings } from './settings.ts'
import { type AlertLog, AlertWatch } from './watch.ts'
import { Webhook } from './webhook.ts'

export interface AlertParts {
  readonly book: AlertBook
  readonly log: AlertLog
  readonly balances: Ledger['balances']
  /** Every budget of the configuration in force. */
  budgets(): readonly Budget[]
  webhook(): WebhookSettings | undefined
  now(): number
}

/** Interval between checks of all budgets: when a raise ends, thresholds are crossed without any spend. */
const SWEEP_MS = 10_000

/** Time left for a delivery attempt in progress when the process shuts down. */
const CLOSING_MS = 2_000

/**
 * Detects threshold crossings and sends alerts: the watch, the courier and the webhook, with the timers that
 * drive them.
 */
export class Alerts {
  readonly watch: AlertWatch
  readonly #parts: AlertParts
  readonly #webhook: Webhook
  readonly #courier: Courier
  #sweeping: NodeJS.Timeout | undefined

  constructor(parts: AlertParts) {
    const { book, log, now } = parts
    this.#parts = parts
    this.#webhook = new Webhook({ log, now, settings: parts.webhook })
    this.#courier = new Courier({ book, log, now, send: (alert) => this.#webhook.send(alert), wait })
    this.watch = new AlertWatch({
      book,
      log,
      now,
      balances: parts.balances,
      onNoted: () => this.#courier.wake(),
    })
  }

  /** Delivery attempts by result. */
  get attempts(): Readonly<Record<string, number>> {
    return this.#courier.attempts
  }

  waiting(): Promise<number> {
    return this.#parts.book.waiting()
  }

  /** First handles what the last process may have missed: spend at these times, and undelivered alerts. */
  start(moments: readonly SpentAt[]): void {
    for (const { at, team, key } of moments) {
      const isPayer = (budget: Budget) =>
        team === undefined || (budget.team === team && (budget.key ?? key) === key)
      this.watch.spent(this.#parts.budgets().filter(isPayer), at)
    }
    this.sweep()
    this.#sweeping = setInterval(() => this.sweep(), SWEEP_MS).unref()
  }

  /** Checks every budget's current standing, and looks for alerts that another process left undelivered. */
  sweep(): void {
    this.watch.spent(this.#parts.budgets(), this.#parts.now())
    void this.watch.look()
    this.#courier.wake()
  }

  /** Checks all spend up to now. Alerts that no longer reach the webhook are left to the next process. */
  async close(): Promise<void> {
    clearInterval(this.#sweeping)
    const last = this.watch.look().then(() => this.#courier.close())
    await Promise.race([last, sleep(CLOSING_MS, undefined, { ref: false })])
    await this.#webhook.close()
    await this.#courier.close()
  }
}

async function wait(ms: number, signal: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal, ref: false }).catch(() => undefined)
}
