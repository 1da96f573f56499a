import { Balancer, NobodyReady } from '../../support/balancer.ts'
import { loadEndlessly } from '../../support/endless-load.ts'
import { prepareHouse } from '../../support/house.ts'
import { startSharedStores } from '../../support/shared-stores.ts'
import { NOBODY, Patience } from './patience.ts'
import type { Upgrade, Upgraded } from './upgrade.ts'
import { startVersion, TOKEN } from './version.ts'

const REPLICAS = 2

/**
 * Replicas on shared stores, replaced one after another: old and new serve side by side on the new version's
 * schema.
 */
export async function upgradeReplicas({ from, to, scope, requests }: Upgrade): Promise<Upgraded> {
  const stores = await startSharedStores({ persistence: 'everysec' })
  scope.after(() => stores.dispose())
  const house = await prepareHouse({
    settings: {
      server: { listen: '127.0.0.1:0', admin: '127.0.0.1:0', drain: '30s', admin_token: TOKEN },
      store: { redis: stores.redis.url, postgres: stores.postgres.url },
    },
  })
  scope.after(house.close)
  const balancer = new Balancer()
  scope.after(() => balancer.close())
  const start = async (folder: string) => {
    const version = await startVersion(folder, house.config)
    await balancer.add(version.dataUrl, version.adminUrl)
    return version
  }
  const old = [await start(from)]
  while (old.length < REPLICAS) old.push(await start(from))
  const patience = new Patience()
  const load = loadEndlessly(scope, (body) => patience.ask(() => ask(balancer, body)), 8)
  const fresh: (typeof old)[number][] = []
  for (const replica of old) {
    await load.more(requests)
    fresh.push(await start(to))
    await load.more(requests)
    await replica.drain()
    await balancer.left(replica.dataUrl)
    await replica.stop()
  }
  await load.more(requests)
  const { count, failures } = await load.end()
  // Rows still on their way are written as the last replicas stop.
  for (const replica of fresh) await replica.stop()
  const rows = await stores.query('SELECT outcome, count(*)::int AS count FROM ledger GROUP BY outcome')
  const outcomes = Object.fromEntries(rows.map(({ outcome, count }) => [String(outcome), Number(count)]))
  return { count, failures, triedAgain: patience.triedAgain, outcomes }
}

async function ask(balancer: Balancer, body: object) {
  return balancer.ask(body).catch((error: unknown) => {
    if (error instanceof NobodyReady) return NOBODY
    throw error
  })
}
