import { setTimeout as sleep } from 'node:timers/promises'
import type { Budget, Ledger } from '../budget/ledger.ts'
import type { AlertBook } from './alert.ts'
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

/** A time at which somebody has spent; without team and key, anybody may have. */
export interface SpentAt {
  readonly at: number
  readonly team?: string
  readonly key?: string
}

/** How often all budgets are looked at: a raise that ends crosses thresholds, and nobody has spent anything. */
const SWEEP_MS = 10_000

/** What an attempt that is being made has left when the process goes down. */
const CLOSING_MS = 2_000

/** Notices thresholds and tells them: watch, courier and webhook, and what keeps them going. */
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

  /** What attempts to deliver have come to. */
  get attempts(): Readonly<Record<string, number>> {
    return this.#courier.attempts
  }

  waiting(): Promise<number> {
    return this.#parts.book.waiting()
  }

  /** Tells first what the last process may have left untold: of these moments, and what is still on its way. */
  start(moments: readonly SpentAt[]): void {
    for (const { at, team, key } of moments) {
      const isPayer = (budget: Budget) =>
        team === undefined || (budget.team === team && (budget.key ?? key) === key)
      this.watch.spent(this.#parts.budgets().filter(isPayer), at)
    }
    this.sweep()
    this.#sweeping = setInterval(() => this.sweep(), SWEEP_MS).unref()
  }

  /** Looks at every budget as it stands now, and for alerts that another process left on their way. */
  sweep(): void {
    this.watch.spent(this.#parts.budgets(), this.#parts.now())
    void this.watch.look()
    this.#courier.wake()
  }

  /** Notices what was spent until now; what does not reach the webhook any more is for the next process. */
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
