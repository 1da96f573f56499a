import type { Telemetry } from '../../telemetry/telemetry.ts'
import { type Family, gauge, info, type Labels } from './family.ts'

export interface ProcessVitals {
  readonly version: string
  readonly ready: boolean
  readonly ledgerWritable: boolean
  /** Whether raises could be read at the last attempt, a moment ago. */
  readonly booksReadable: boolean
  readonly limitsAvailable: boolean
  readonly lastReloadAccepted: boolean
  /** When the configuration in force was applied, in milliseconds since the epoch. */
  readonly loadedAt: number
  /**
   * The day the catalogue's prices were last checked against the vendors' pages, in milliseconds since the
   * epoch.
   */
  readonly pricesCheckedAt: number
  readonly requestsInFlight: number
  /** Since the process started. */
  readonly logLinesDropped: number
  readonly classifiers: readonly Classifier[]
}

interface Classifier {
  readonly role: 'live' | 'shadow'
  readonly rulesVersion: string
  readonly weightsVersion: string
}

/** State of this process, its stores and its configuration. */
export function processFamilies(
  { decisions, reloads }: Telemetry,
  vitals: () => ProcessVitals,
): readonly Family[] {
  return [
    info('trivium_build_info', 'Version of Trivium and of the Node it runs on.', ['version', 'node'], () => [
      { version: vitals().version, node: process.version },
    ]),
    gauge('trivium_ready', '1 while /readyz says so.', () => Number(vitals().ready)),
    gauge(
      'trivium_requests_in_flight',
      'Requests that have arrived and have not ended yet.',
      () => vitals().requestsInFlight,
    ),
    {
      name: 'trivium_log_lines_dropped_total',
      help: 'Log lines dropped because the log was not read fast enough.',
      type: 'counter',
      labels: [],
      samples: () => [[{}, vitals().logLinesDropped]],
    },
    gauge('trivium_ledger_writable', '1 while rows can be written.', () => Number(vitals().ledgerWritable)),
    gauge('trivium_books_readable', '1 while the store of rows, raises and alerts is answering.', () =>
      Number(vitals().booksReadable),
    ),
    gauge('trivium_limits_available', '1 while the store of the limits is answering.', () =>
      Number(vitals().limitsAvailable),
    ),
    {
      name: 'trivium_store_decision_seconds',
      help: 'How long a store takes to decide about a request: the ledger to hold money, the limits to grant a slot.',
      type: 'histogram',
      labels: ['store'],
      unit: 0.001,
      samples: () => Object.entries(decisions).map(([store, histogram]) => [{ store }, histogram]),
    },
    gauge(
      'trivium_config_last_reload_accepted',
      '0 if the last reload was refused and the old configuration is still in force.',
      () => Number(vitals().lastReloadAccepted),
    ),
    {
      name: 'trivium_config_reloads_total',
      help: 'Reloads of the configuration since the start.',
      type: 'counter',
      labels: ['result'],
      samples: () => Object.entries(reloads).map(([result, count]) => [{ result }, count]),
    },
    gauge(
      'trivium_config_loaded_timestamp_seconds',
      'When the configuration in force was loaded.',
      () => vitals().loadedAt / 1000,
    ),
    gauge(
      'trivium_prices_checked_timestamp_seconds',
      'Day the catalogue’s prices were last compared with the vendors’ pages.',
      () => vitals().pricesCheckedAt / 1000,
    ),
    info(
      'trivium_classifier_info',
      'Rules and weights of the live classifier and of its shadow.',
      ['role', 'rules_version', 'weights_version'],
      () => vitals().classifiers.map(labelsOf),
    ),
  ]
}

function labelsOf({ role, rulesVersion, weightsVersion }: Classifier): Labels {
  return { role, rules_version: rulesVersion, weights_version: weightsVersion }
}
