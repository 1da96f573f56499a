import { randomBytes } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { createAdminPlane } from './admin/admin-plane.ts'
import { LiveLog } from './admin/live/live-log.ts'
import { BUILT } from './admin/page.ts'
import { readinessOf } from './admin/readiness.ts'
import { Alerts } from './alerts/alerts.ts'
import { watchedLedger } from './alerts/watched-ledger.ts'
import { type Clock, systemClock } from './base/clock.ts'
import { CurrentConfiguration } from './compose/current-configuration.ts'
import { followRaises } from './compose/followed-raises.ts'
import { openObservation } from './compose/observation.ts'
import { readerContextOf } from './compose/reader-context.ts'
import { openStores } from './compose/stores.ts'
import { version } from './compose/version.ts'
import { namesOf, vitalsOf } from './compose/vitals.ts'
import { filesOf, readConfiguration, reloadConfiguration } from './config/configuration.ts'
import { ConfigError } from './config/file/config-error.ts'
import { restartNote } from './config/restart-note.ts'
import { ConfigWatch } from './config/watch.ts'
import { WatchedFiles } from './config/watched-files.ts'
import type { Ports } from './flow/ports.ts'
import { raisedLedger } from './ledger/raised-ledger.ts'
import { RowFeed } from './ledger/row-feed.ts'
import { inForceOf } from './operations/in-force.ts'
import { ReplayRuns } from './operations/replay-runs.ts'
import { Workshop } from './operations/workshop.ts'
import { compileInWorkshop } from './operations/written-rules.ts'
import { Misaddressed } from './redis/misaddressed.ts'
import { StoreUnavailable } from './redis/store-unavailable.ts'
import { createDataPlane } from './server/data-plane.ts'
import { answerTo } from './server/envelope.ts'
import { drain, listen } from './server/listening.ts'
import { Rotation } from './server/rotation.ts'
import { toldRows } from './telemetry/told-rows.ts'
import { withoutRepeats } from './telemetry/without-repeats.ts'
import { AnswerHolders } from './upstream/answer-holders.ts'
import { Connections } from './upstream/connections.ts'
import { TargetHealth } from './upstream/health.ts'
import { Lifecycle } from './upstream/lifecycle.ts'
import { WorkerTokenizer } from './upstream/tokenizer.ts'

/** How long shutdown waits for rows that cannot be written: a full disk must not hold up a restart. */
const ROWS_PATIENCE_MS = 2_000

/**
 * How long a lookup waits for another replica to record who holds an answer its client already has. Longer
 * than that write takes.
 */
const NOTES_PATIENCE_MS = 100

/** A running Trivium and how to stop it. */
export interface Trivium {
  /** For example `http://127.0.0.1:8080`; clients append `/v1`. */
  readonly dataUrl: string
  readonly adminUrl: string
  /** The admin token generated at start because the configuration has none; to be shown once. */
  readonly madeToken: string | undefined
  /** Whether requests wait for stores on the network. */
  readonly sharesStores: boolean
  /** Rereads the configuration files, as SIGHUP does. An invalid configuration is refused and logged. */
  reload(): Promise<void>
  /** Stops listening, drains requests in flight for at most `server.drain`, closes the stores. */
  close(): Promise<void>
}

/** What the program is built from. */
export interface Composition {
  /** Path of the configuration file. */
  readonly config: string
  readonly env: Readonly<Record<string, string | undefined>>
  readonly clock?: Clock
}

/**
 * Builds and starts the program. Apart from `src/compose/`, the only file that knows concrete parts.
 * Throws `ConfigError`, `StoreError` or the listener's own error, after closing whatever it had opened.
 */
export async function compose(composition: Composition): Promise<Trivium> {
  const opened = new AsyncDisposableStack()
  try {
    return await start(composition, opened)
  } catch (error) {
    // Why it could not start matters more than what could not be closed because of that.
    await opened.disposeAsync().catch(() => undefined)
    throw error
  }
}

/** What it opens is closed by `opened`, the newest first. */
async function start(
  { config, env, clock = systemClock }: Composition,
  opened: AsyncDisposableStack,
): Promise<Trivium> {
  // Before they are read: that, and opening the stores, may take seconds, in which a key may be revoked.
  const files = new WatchedFiles([config])
  const started = readConfiguration(config, env, undefined, (named) => files.willBeReadToo(named))
  files.follow(filesOf(started))
  const settings = started.process
  const connections = new Connections(clock)
  const current = new CurrentConfiguration(started, connections, clock)
  const observation = await openObservation({
    settings,
    env,
    clock,
    version: version(),
    upstreamOf: (name) => current.settings.upstreams.find((upstream) => upstream.name === name),
  })
  opened.defer(() => observation.close())
  const { log, telemetry } = observation
  let isUp = false
  opened.defer(() => {
    if (isUp) log.info({}, 'stopped')
  })
  const tokenizer = new WorkerTokenizer()
  opened.defer(() => tokenizer.close())
  const outages = withoutRepeats(log, clock)
  telemetry.follow(namesOf(started))
  const stores = await openStores(settings, {
    clock,
    log: outages,
    budgets: () => current.live.runtime.budgets,
    retention: () => current.settings.retention,
  }).catch((error: unknown) => {
    if (!(error instanceof Misaddressed || error instanceof StoreUnavailable)) throw error
    throw new ConfigError([started.config.problemAt(['store', 'redis'], error.message)])
  })
  opened.defer(() => stores.close())
  const followed = await followRaises(stores.raiseLog, clock, log)
  opened.defer(() => followed.stop())
  const { raises } = followed
  const raised = raisedLedger(stores.ledger, raises)
  const alerts = new Alerts({
    book: stores.alertBook,
    log,
    balances: raised.balances,
    budgets: () => current.live.runtime.budgets,
    webhook: () => current.settings.webhook,
    now: () => clock.now(),
  })
  opened.defer(() => alerts.close())
  opened.defer(() => connections.close())
  const ledger = watchedLedger(raised, alerts.watch)
  let draining = false
  const rotation = new Rotation((isLeft) =>
    log.info({ draining: isLeft }, isLeft ? 'out of rotation' : 'back in rotation'),
  )

  const lifecycle = new Lifecycle({
    watched: () => ({
      settings: current.settings.lifecycle,
      upstreams: current.settings.upstreams,
      routed: Object.values(current.live.runtime.routes).flat(),
    }),
    now: () => clock.now(),
    log,
  })
  opened.defer(() => lifecycle.close())
  const health = new TargetHealth(clock, (target) => lifecycle.absenceOf(target))

  const feed = new RowFeed()
  const liveLog = new LiveLog({
    feed,
    views: stores.views,
    isShared: settings.sharedStore !== undefined,
    now: () => clock.now(),
    report: (error) => log.warn({ err: error }, 'rows of other replicas could not be read'),
  })
  const ports: Ports = {
    clock,
    ledger,
    limiter: stores.limiter,
    health,
    tokenizer,
    holders: new AnswerHolders(
      stores.answerBook,
      () => clock.now(),
      settings.sharedStore === undefined ? 0 : NOTES_PATIENCE_MS,
    ),
    observer: toldRows(observation.observer, feed),
    log: outages,
    live: () => current.live,
    draining: () => draining,
    random: Math.random,
    answerTo,
  }
  const readiness = () =>
    readinessOf({
      ledger,
      limiter: stores.limiter,
      refusal: current.refusal,
      isDraining: draining || rotation.isLeft,
    })
  const workshop = new Workshop({ config, env })
  opened.defer(() => workshop.close())
  const compile = compileInWorkshop(workshop, () => current.configuration.config.tuning.candidates)
  const watch = new ConfigWatch(started, {
    load: (running, willRead) => reloadConfiguration(config, env, running, { compile, willRead }),
    filesOf,
    files,
    onLoaded(loaded) {
      current.replaceBy(loaded)
      telemetry.follow(namesOf(loaded))
      telemetry.reloads.accepted += 1
      alerts.sweep()
      lifecycle.reloaded()
      log.info({ config, ...restartNote(settings, loaded.process) }, 'the configuration was reloaded')
    },
    onRefused(why) {
      current.refuse(why.message)
      telemetry.reloads.refused += 1
      log.error({ config, why: why.message }, 'the new configuration is invalid; the old one stays in force')
    },
  })
  const dataPlane = createDataPlane(ports, settings, rotation)
  const adminToken = settings.adminToken || randomBytes(24).toString('base64url')
  const adminPlane = createAdminPlane({
    token: () => adminToken,
    people: () => current.settings.people,
    keyOf: (sha256) => current.live.runtime.keyOf(sha256),
    version: version(),
    page: BUILT,
    report: (error) => log.error({ err: error }, 'an endpoint of the admin plane failed'),
    readiness,
    rotation,
    inFlight: () => dataPlane.inFlight(),
    telemetry,
    vitals: () =>
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
        health,
        lifecycle,
      }),
    audit: stores.auditLog,
    endedSessions: stores.endedSessions,
    inForce: () => inForceOf(current.configuration),
    teams: () => current.configuration.config.settings.teams,
    captureMode: () => current.configuration.config.settings.capture.prompts,
    workshop,
    replays: new ReplayRuns(workshop, () => clock.now()),
    reload: async () => {
      await watch.reload()
      return current.refusal
    },
    balances: () => ledger.balances(current.live.runtime.budgets, clock.now()),
    raises,
    alerts,
    views: stores.views,
    live: liveLog,
    ...readerContextOf({ configuration: () => current.configuration, lifecycle, clock }),
  })
  opened.defer(() => {
    // Ends the pages that follow it, which the admin plane would wait for.
    liveLog.close()
    return adminPlane.close()
  })
  opened.defer(async () => {
    draining = true
    log.info({ in_flight: dataPlane.inFlight() }, 'stopping')
    watch.close()
    await drain(dataPlane.app, settings.drainMs)
    await Promise.race([dataPlane.ended(), sleep(ROWS_PATIENCE_MS, undefined, { ref: false })])
  })
  alerts.start(stores.lastMoments)
  lifecycle.start()

  let closing: Promise<void> | undefined
  const dataUrl = await listen(dataPlane.app, settings.listen)
  const adminUrl = await listen(adminPlane, settings.admin)
  log.info({ version: version(), data: dataUrl, admin: adminUrl }, 'listening')
  isUp = true
  return {
    dataUrl,
    adminUrl,
    madeToken: settings.adminToken === '' ? adminToken : undefined,
    sharesStores: settings.sharedStore !== undefined,
    reload: () => watch.reload(),
    close() {
      closing ??= opened.disposeAsync()
      return closing
    },
  }
}
