import { randomBytes } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Clock, systemClock } from './base/clock.ts'
import { openAdminPlane } from './compose/admin.ts'
import { CurrentConfiguration } from './compose/current-configuration.ts'
import { openMoney } from './compose/money.ts'
import { openObservation } from './compose/observation.ts'
import { watchConfiguration } from './compose/reloads.ts'
import { watchTargets } from './compose/targets.ts'
import { version } from './compose/version.ts'
import { namesOf } from './compose/vitals.ts'
import { filesOf, readConfiguration } from './config/configuration.ts'
import { WatchedFiles } from './config/watched-files.ts'
import { RowFeed } from './ledger/row-feed.ts'
import { Workshop } from './operations/workshop.ts'
import { createDataPlane } from './server/data-plane.ts'
import { answerTo } from './server/envelope.ts'
import { drain, listen } from './server/listening.ts'
import { Rotation } from './server/rotation.ts'
import { toldRows } from './telemetry/told-rows.ts'
import { withoutRepeats } from './telemetry/without-repeats.ts'
import { AnswerHolders } from './upstream/answer-holders.ts'
import { Connections } from './upstream/connections.ts'
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

/**
 * Configuration first, then what watches, keeps and knows, then the two planes. What it opens is closed by
 * `opened`, the newest first.
 */
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
  telemetry.follow(namesOf(started))
  const outages = withoutRepeats(log, clock)
  let isUp = false
  opened.defer(() => {
    if (isUp) log.info({}, 'stopped')
  })

  const tokenizer = new WorkerTokenizer()
  opened.defer(() => tokenizer.close())
  const money = await openMoney(current, { clock, log, outages }, opened)
  opened.defer(() => connections.close())
  const targets = watchTargets(current, { clock, log }, opened)
  const workshop = new Workshop({ config, env })
  opened.defer(() => workshop.close())

  const { stores, alerts } = money
  const { health, lifecycle } = targets
  const feed = new RowFeed()
  let draining = false
  const rotation = new Rotation((isLeft) =>
    log.info({ draining: isLeft }, isLeft ? 'out of rotation' : 'back in rotation'),
  )
  const holders = new AnswerHolders(
    stores.answerBook,
    () => clock.now(),
    stores.areShared ? NOTES_PATIENCE_MS : 0,
  )
  const dataPlane = createDataPlane(
    {
      clock,
      ledger: money.ledger,
      limiter: stores.limiter,
      health,
      tokenizer,
      holders,
      observer: toldRows(observation.observer, feed),
      log: outages,
      live: () => current.live,
      draining: () => draining,
      random: Math.random,
      answerTo,
    },
    settings,
    rotation,
  )
  const watch = watchConfiguration({
    config,
    env,
    files,
    current,
    workshop,
    observation,
    onReloaded() {
      alerts.sweep()
      lifecycle.reloaded()
    },
  })
  const token = settings.adminToken || randomBytes(24).toString('base64url')
  const isDraining = () => draining
  const adminPlane = openAdminPlane(
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
      feed,
      isDraining,
    },
    opened,
  )
  opened.defer(async () => {
    draining = true
    log.info({ in_flight: dataPlane.inFlight() }, 'stopping')
    watch.close()
    await drain(dataPlane.app, settings.drainMs)
    await Promise.race([dataPlane.ended(), sleep(ROWS_PATIENCE_MS, undefined, { ref: false })])
  })

  alerts.start(stores.lastMoments)
  lifecycle.start()
  const dataUrl = await listen(dataPlane.app, settings.listen)
  const adminUrl = await listen(adminPlane, settings.admin)
  log.info({ version: version(), data: dataUrl, admin: adminUrl }, 'listening')
  isUp = true
  let closing: Promise<void> | undefined
  return {
    dataUrl,
    adminUrl,
    madeToken: settings.adminToken === '' ? token : undefined,
    sharesStores: stores.areShared,
    reload: () => watch.reload(),
    close() {
      closing ??= opened.disposeAsync()
      return closing
    },
  }
}
