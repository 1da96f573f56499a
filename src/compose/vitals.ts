import type { Vitals } from '../admin/metrics/metrics.ts'
import type { Configuration } from '../config/configuration.ts'
import type { Runtime } from '../flow/runtime.ts'
import type { Ledger } from '../ledger/ledger.ts'
import type { Limiter } from '../limits/limiter.ts'
import type { KnownNames } from '../telemetry/telemetry.ts'
import type { TargetHealth } from '../upstream/health.ts'
import type { Lifecycle } from '../upstream/lifecycle.ts'

/** Parts of a running program that report its condition. */
export interface VitalParts {
  readonly version: string
  readonly configuration: Configuration
  /** When the configuration was loaded, in milliseconds since the epoch. */
  readonly loadedAt: number
  readonly lastReloadAccepted: boolean
  readonly requestsInFlight: number
  readonly logLinesDropped: number
  /** As reported by `/readyz`. */
  readonly ready: boolean
  readonly ledger: Pick<Ledger, 'health'>
  /** Whether the last read of raises succeeded. */
  readonly booksReadable: boolean
  readonly limiter: Pick<Limiter, 'health'>
  readonly health: TargetHealth
  readonly lifecycle: Lifecycle
}

/** A snapshot of the program's condition for a scrape. */
export function vitalsOf(parts: VitalParts): Vitals {
  const { configuration, health, lifecycle, ledger, limiter } = parts
  const { runtime, config, process } = configuration
  const places = [...runtime.targets.values()].flatMap((target) => runtime.placesOf(target, ''))
  return {
    version: parts.version,
    ready: parts.ready,
    ledgerWritable: ledger.health().ok,
    booksReadable: parts.booksReadable,
    limitsAvailable: limiter.health().ok,
    lastReloadAccepted: parts.lastReloadAccepted,
    loadedAt: parts.loadedAt,
    pricesCheckedAt: config.pricesChecked,
    requestsInFlight: parts.requestsInFlight,
    logLinesDropped: parts.logLinesDropped,
    classifiers: classifiersOf(runtime),
    targets: places.map((target) => {
      const { upstream, model } = target
      return { upstream, model, condition: health.conditionOf(target) }
    }),
    retriesLeft: process.upstreams.map(({ name: upstream }) => ({
      upstream,
      left: health.retriesLeft({ upstream }),
    })),
    shutdowns: [...new Set(Object.values(runtime.routes).flat())].flatMap((target) => {
      const end = lifecycle.endOf(target)
      return end === undefined ? [] : [{ model: target.model, at: end.at }]
    }),
  }
}

function classifiersOf({ classifier, shadow }: Runtime): Vitals['classifiers'] {
  const live = { role: 'live', ...versionsOf(classifier) } as const
  return shadow === undefined ? [live] : [live, { role: 'shadow', ...versionsOf(shadow) }]
}

function versionsOf({ rulesVersion, weightsVersion }: NonNullable<Runtime['shadow']>) {
  return { rulesVersion, weightsVersion }
}

/** The names allowed as metric labels. */
export function namesOf({ config, runtime, process }: Configuration): KnownNames {
  return {
    teams: Object.keys(config.settings.teams),
    models: runtime.targets.keys(),
    upstreams: process.upstreams.map(({ name }) => name),
  }
}
