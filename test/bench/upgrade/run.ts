import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { withoutShared } from '../../support/shared-stores.ts'
import { checkOut, commitBefore } from './checkout.ts'
import { upgradeInPlace } from './restart.ts'
import { upgradeReplicas } from './rolling.ts'
import { isSeamless, type Upgrade, type Upgraded } from './upgrade.ts'

const USAGE = `Usage: node test/bench/upgrade/run.ts [--from COMMIT] [--requests 200]

From an older version to this one under load: two replicas on shared stores, replaced one after the other, and one process on
a file, stopped and followed by the new one at the same address. By default the older version is the commit before the last
that changed the store's schema. Every request is to be answered, and to have one row. Exits 1 where it is not so.
`
const ROOT = join(import.meta.dirname, '..', '..', '..')
const SCHEMA = { shared: 'src/ledger/redis-postgres/migrations', embedded: 'src/ledger/sqlite/schema.ts' }

const { values } = parseArgs({
  options: {
    from: { type: 'string' },
    requests: { type: 'string', default: '200' },
    help: { type: 'boolean', default: false },
  },
})

async function run(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'trivium-upgrade-'))
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }))
  if (withoutShared === false) await upgrade('replicas', SCHEMA.shared, folder, upgradeReplicas)
  else process.stdout.write(`replicas: skipped, ${withoutShared}\n`)
  await upgrade('one process', SCHEMA.embedded, folder, upgradeInPlace)
}

async function upgrade(
  name: string,
  schema: string,
  folder: string,
  play: (upgrade: Upgrade) => Promise<Upgraded>,
): Promise<void> {
  const commit = values.from ?? commitBefore(schema)
  const own = mkdtempSync(join(folder, 'from-'))
  const ends: (() => Promise<unknown>)[] = []
  const scope = { after: (end: () => Promise<unknown>) => void ends.unshift(end) }
  try {
    const from = checkOut(commit, own)
    const upgraded = await play({ from, to: ROOT, scope, requests: Number(values.requests) })
    const { count, failures, triedAgain, outcomes } = upgraded
    const isGood = isSeamless(upgraded)
    if (!isGood) process.exitCode = 1
    process.stdout.write(`${name}, from ${commit}: ${isGood ? 'good' : 'missed'}
  requests      ${count}, of which ${failures.length} failed${failures.length === 0 ? '' : `, first: ${failures[0]}`}
  tried again   ${triedAgain}: nobody was there, or a store was slower than its deadline
  rows          ${JSON.stringify(outcomes)}
`)
  } finally {
    for (const end of ends) await end()
  }
}

if (values.help) process.stdout.write(USAGE)
else await run()
