import { createHmac } from 'node:crypto'
import { Agent, request } from 'undici'
import type { Alert } from './alert.ts'
import type { Attempt } from './courier.ts'
import type { WebhookSettings } from './settings.ts'
import type { AlertLog } from './watch.ts'
import { factsOf, sentenceOf } from './wording.ts'

export interface WebhookParts {
  readonly log: AlertLog
  /** The settings in force; undefined if no webhook is configured. */
  settings(): WebhookSettings | undefined
  now(): number
}

const TIMEOUT_MS = 10_000
/** Statuses that mean "not now" rather than "not this". */
const PASSING = new Set([408, 425, 429])

/** Sends alerts to a webhook: signed POSTs according to the Standard Webhooks specification, version 1. */
export class Webhook {
  readonly #parts: WebhookParts
  readonly #agent = new Agent({ connect: { timeout: TIMEOUT_MS }, connections: 1, pipelining: 1 })

  constructor(parts: WebhookParts) {
    this.#parts = parts
  }

  /**
   * One attempt of at most ten seconds. Never rejects. The URL may be a secret, so log lines contain only its
   * host.
   */
  async send(alert: Alert): Promise<Attempt> {
    const settings = this.#parts.settings()
    if (settings === undefined) return 'nowhere'
    const { host } = new URL(settings.url)
    const body = bodyOf(alert)
    try {
      const { statusCode, body: answer } = await request(settings.url, {
        method: 'POST',
        dispatcher: this.#agent,
        headers: headersOf(alert.id, body, settings.secret, this.#parts.now()),
        body,
        signal: AbortSignal.timeout(TIMEOUT_MS),
      })
      await answer.dump({ limit: 65_536 }).catch(() => undefined)
      if (statusCode >= 200 && statusCode < 300) return 'delivered'
      this.#parts.log.error({ alert: alert.id, host, status: statusCode }, 'the webhook refused an alert')
      return statusCode >= 500 || PASSING.has(statusCode) ? 'failed' : 'refused'
    } catch (error) {
      const why = error instanceof Error && 'code' in error ? String(error.code) : String(error)
      this.#parts.log.error({ alert: alert.id, host, why }, 'the webhook could not be reached')
      return 'failed'
    }
  }

  close(): Promise<void> {
    return this.#agent.destroy()
  }
}

function bodyOf(alert: Alert): string {
  const timestamp = new Date(alert.at).toISOString()
  // `text` is what chat programs display.
  return JSON.stringify({
    type: 'budget.threshold_reached',
    timestamp,
    text: sentenceOf(alert),
    data: factsOf(alert),
  })
}

function headersOf(id: string, body: string, secret: string, now: number): Record<string, string> {
  const timestamp = Math.floor(now / 1000)
  const key = secret.startsWith('whsec_') ? Buffer.from(secret.slice(6), 'base64') : Buffer.from(secret)
  const signature = createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64')
  return {
    'content-type': 'application/json',
    'user-agent': 'trivium',
    'webhook-id': id,
    'webhook-timestamp': String(timestamp),
    'webhook-signature': `v1,${signature}`,
  }
}
