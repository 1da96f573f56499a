import { Gauge, Registry } from 'prom-client'

/** What is told at every scrape; nothing of it costs a request anything. */
export interface Vitals {
  readonly ledgerWritable: boolean
  readonly lastReloadAccepted: boolean
  readonly requestsInFlight: number
  /** Model name and the day its vendor takes it away, in milliseconds since the epoch. */
  readonly shutdowns: readonly { readonly model: string; readonly at: number }[]
}

/** Metrics in the Prometheus text format. */
export function createMetrics(vitals: () => Vitals): Registry {
  const registry = new Registry()
  const registers = [registry]
  const gauge = (name: string, help: string, read: (vitals: Vitals) => number) =>
    new Gauge({
      name,
      help,
      registers,
      collect() {
        this.set(read(vitals()))
      },
    })
  gauge('trivium_ledger_writable', '1 while rows can be written.', (now) => Number(now.ledgerWritable))
  gauge(
    'trivium_config_last_reload_accepted',
    '0 after a reload that was refused; the old one runs.',
    (now) => Number(now.lastReloadAccepted),
  )
  gauge(
    'trivium_requests_in_flight',
    'Requests that have arrived and not yet ended.',
    (now) => now.requestsInFlight,
  )
  new Gauge({
    name: 'trivium_model_shutdown_timestamp_seconds',
    help: 'When the vendor takes a configured model off its API.',
    labelNames: ['model'],
    registers,
    collect() {
      this.reset()
      for (const { model, at } of vitals().shutdowns) this.set({ model }, at / 1000)
    },
  })
  return registry
}
