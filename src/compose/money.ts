import { Alerts } from '../alerts/alerts.ts'
import { watchedLedger } from '../alerts/watched-ledger.ts'
import type { Clock } from '../base/clock.ts'
import type { Log } from '../base/log.ts'
import { ConfigError } from '../config/file/config-error.ts'
import type { Ledger } from '../ledger/ledger.ts'
import { raisedLedger } from '../ledger/raised-ledger.ts'
import { Misaddressed } from '../redis/misaddressed.ts'
import { StoreUnavailable } from '../redis/store-unavailable.ts'
import type { CurrentConfiguration } from './current-configuration.ts'
import { type FollowedRaises, followRaises } from './followed-raises.ts'
import { openStores, type Stores } from './stores.ts'

/** The stores, and what stands between them and requests: raises, and alerts on what is spent. */
export interface Money {
  readonly stores: Stores
  readonly followed: FollowedRaises
  readonly alerts: Alerts
  /** As requests see it: limits with their raises, and every settlement noticed by the alerts. */
  readonly ledger: Ledger
}

interface Parts {
  readonly clock: Clock
  readonly log: Log
  /** For what a store that is away would say again and again. */
  readonly outages: Log
}

/**
 * Opens the stores that the configuration names. What it opens is closed by `opened`. Throws `StoreError`,
 * `ConfigError` if the address of a store is wrong, or what reading the raises throws.
 */
export async function openMoney(
  current: CurrentConfiguration,
  { clock, log, outages }: Parts,
  opened: AsyncDisposableStack,
): Promise<Money> {
  const budgets = () => current.live.runtime.budgets
  const retention = () => current.settings.retention
  const opening = openStores(current.settings, { clock, log: outages, budgets, retention })
  const stores = await opening.catch((error: unknown) => {
    if (!(error instanceof Misaddressed || error instanceof StoreUnavailable)) throw error
    throw new ConfigError([current.configuration.config.problemAt(['store', 'redis'], error.message)])
  })
  opened.defer(() => stores.close())
  const followed = await followRaises(stores.raiseLog, clock, log)
  opened.defer(() => followed.stop())
  const raised = raisedLedger(stores.ledger, followed.raises)
  const alerts = new Alerts({
    book: stores.alertBook,
    log,
    balances: raised.balances,
    budgets,
    webhook: () => current.settings.webhook,
    now: () => clock.now(),
  })
  opened.defer(() => alerts.close())
  return { stores, followed, alerts, ledger: watchedLedger(raised, alerts.watch) }
}
