import { loadEndlessly } from '../../support/endless-load.ts'
import { KEY, prepareHouse, readRows } from '../../support/house.ts'
import { freePort } from '../../support/store-process.ts'
import { NOBODY, Patience, type Said } from './patience.ts'
import type { Upgrade, Upgraded } from './upgrade.ts'
import { startVersion, TOKEN } from './version.ts'

/**
 * One process on a file, stopped and replaced by the new version at the same address; clients retry until it
 * is up.
 */
export async function upgradeInPlace({ from, to, scope, requests }: Upgrade): Promise<Upgraded> {
  const listen = `127.0.0.1:${await freePort()}`
  const house = await prepareHouse({
    settings: { server: { listen, admin: '127.0.0.1:0', drain: '30s', admin_token: TOKEN } },
  })
  scope.after(house.close)
  const old = await startVersion(from, house.config)
  const patience = new Patience()
  const load = loadEndlessly(scope, (body) => patience.ask(() => ask(old.dataUrl, body)), 8)
  await load.more(requests)
  await old.drain()
  await old.stop()
  const fresh = await startVersion(to, house.config)
  await load.more(requests)
  const { count, failures } = await load.end()
  await fresh.stop()
  const outcomes: Record<string, number> = {}
  for (const { outcome } of readRows(house.database))
    outcomes[String(outcome)] = (outcomes[String(outcome)] ?? 0) + 1
  return { count, failures, triedAgain: patience.triedAgain, outcomes }
}

async function ask(dataUrl: string, body: object): Promise<Said> {
  const headers = { authorization: `Bearer ${KEY}`, 'content-type': 'application/json' }
  const init = { method: 'POST', headers, body: JSON.stringify(body) }
  const answer = await fetch(`${dataUrl}/chat/completions`, init).catch(() => undefined)
  return answer === undefined ? NOBODY : { status: answer.status, text: await answer.text() }
}
