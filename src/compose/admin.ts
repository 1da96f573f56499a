import type { FastifyInstance } from 'fastify'
import { createAdminPlane } from '../admin/admin-plane.ts'
import { LiveLog } from '../admin/live/live-log.ts'
import { BUILT } from '../admin/page.ts'
import { readinessOf } from '../admin/readiness.ts'
import type { Clock } from '../base/clock.ts'
import type { Configuration } from '../config/configuration.ts'
import type { ConfigWatch } from '../config/watch.ts'
import type { RowFeed } from '../ledger/row-feed.ts'
import { inForceOf } from '../operations/in-force.ts'
import { ReplayRuns } from '../operations/replay-runs.ts'
import type { Workshop } from '../operations/workshop.ts'
import type { DataPlane } from '../server/data-plane.ts'
import type { Rotation } from '../server/rotation.ts'
import type { CurrentConfiguration } from './current-configuration.ts'
import type { Money } from './money.ts'
import type { Observation } from './observation.ts'
import { readerContextOf } from './reader-context.ts'
import type { Targets } from './targets.ts'
import { version } from './version.ts'
import { vitalsOf } from './vitals.ts'

interface Parts {
  readonly token: string
  readonly clock: Clock
  readonly current: CurrentConfiguration
  readonly observation: Observation
  readonly money: Money
  readonly targets: Targets
  readonly dataPlane: DataPlane
  readonly rotation: Rotation
  readonly watch: ConfigWatch<Configuration>
  readonly workshop: Workshop
  /** The rows this process closes, as it closes them. */
  readonly feed: RowFeed
  /** Whether shutdown has begun. */
  isDraining(): boolean
}

/** The admin plane over the running program. What it opens is closed by `opened`. */
export function openAdminPlane(
  {
    token,
    clock,
    current,
    observation,
    money,
    targets,
    dataPlane,
    rotation,
    watch,
    workshop,
    ...parts
  }: Parts,
  opened: AsyncDisposableStack,
): FastifyInstance {
  const { log, telemetry } = observation
  const { stores, followed, alerts, ledger } = money
  const now = () => clock.now()
  const readiness = () =>
    readinessOf({
      ledger,
      limiter: stores.limiter,
      refusal: current.refusal,
      isDraining: parts.isDraining() || rotation.isLeft,
    })
  const vitals = () =>
    vitalsOf({
      version: version(),
      configuration: current.configuration,
      loadedAt: current.loadedAt,
      lastReloadAccepted: current.refusal === undefined,
      requestsInFlight: dataPlane.inFlight(),
      logLinesDropped: observation.linesDropped(),
      ready: readiness().ready,
      booksReadable: followed.isReadable(),
      ledger,
      limiter: stores.limiter,
      ...targets,
    })
  const live = new LiveLog({
    feed: parts.feed,
    views: stores.views,
    isShared: stores.areShared,
    now,
    report: (error) => log.warn({ err: error }, 'rows of other replicas could not be read'),
  })
  const plane = createAdminPlane({
    token: () => token,
    people: () => current.settings.people,
    keyOf: (sha256) => current.live.runtime.keyOf(sha256),
    version: version(),
    page: BUILT,
    report: (error) => log.error({ err: error }, 'an endpoint of the admin plane failed'),
    readiness,
    rotation,
    inFlight: () => dataPlane.inFlight(),
    telemetry,
    vitals,
    audit: stores.auditLog,
    endedSessions: stores.endedSessions,
    inForce: () => inForceOf(current.configuration),
    teams: () => current.configuration.config.settings.teams,
    captureMode: () => current.configuration.config.settings.capture.prompts,
    workshop,
    replays: new ReplayRuns(workshop, now),
    reload: async () => {
      await watch.reload()
      return current.refusal
    },
    balances: () => ledger.balances(current.live.runtime.budgets, clock.now()),
    raises: followed.raises,
    alerts,
    views: stores.views,
    live,
    ...readerContextOf({ configuration: () => current.configuration, lifecycle: targets.lifecycle, clock }),
  })
  opened.defer(() => {
    // Ends the pages that follow it, which the admin plane would wait for.
    live.close()
    return plane.close()
  })
  return plane
}
