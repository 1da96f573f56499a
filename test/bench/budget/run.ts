import { parseArgs } from 'node:util'
import { startSharedStores } from '../../support/shared-stores.ts'
import { type StormResult, storm } from './storm.ts'

/**
 * `node test/bench/budget/run.ts [--seeds 100] [--requests 1000] [--usd 1] [--replicas N]`: proves on the whole program
 * that a budget is never overspent and nearly all of it can be used. Exits 1 when a run says otherwise. With `--replicas`
 * so many of them share a Redis and a Postgres that are started for it.
 */
const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '100' },
    requests: { type: 'string', default: '1000' },
    usd: { type: 'string', default: '1' },
    replicas: { type: 'string' },
  },
})
const limitUsd = Number(values.usd)
const seeds = Array.from({ length: Number(values.seeds) }, (_, index) => index + 1)

function isGood({ billed, booked, falselyRefused, unexpected }: StormResult): boolean {
  const limit = limitUsd * 1e9
  return (
    billed <= limit && billed >= 0.95 * limit && billed === booked && falselyRefused + unexpected.length === 0
  )
}

const started = performance.now()
const stores = values.replicas === undefined ? undefined : await startSharedStores()
const results = await storm({
  seeds,
  requests: Number(values.requests),
  limitUsd,
  ...(stores === undefined
    ? {}
    : {
        shared: {
          redis: stores.redis.url,
          postgres: stores.postgres.url,
          replicas: Number(values.replicas),
        },
      }),
  onRun(result) {
    if (!isGood(result)) console.log(JSON.stringify(result))
    else if (process.stdout.isTTY) process.stdout.write('.')
  },
})
await stores?.dispose()
const billed = results.map((result) => result.billed / 1e9)
const sum = (of: (result: StormResult) => number) => results.reduce((total, result) => total + of(result), 0)
console.log(`
runs                        ${results.length} of ${values.requests} requests at once on $${values.usd}
billed, least … most        $${Math.min(...billed).toFixed(9)} … $${Math.max(...billed).toFixed(9)}
billed but not booked       $${(sum((result) => Math.abs(result.billed - result.booked)) / 1e9).toFixed(9)}
answered                    ${sum((result) => result.answered)}
told that money is held     ${sum((result) => result.held)} times, and tried again
redis took too long         ${sum((result) => result.away)} times, and tried again
refused, budget spent       ${sum((result) => result.exhausted)}, of them falsely ${sum((result) => result.falselyRefused)}
anything else               ${sum((result) => result.unexpected.length)}
took                        ${((performance.now() - started) / 1000).toFixed(1)} s`)
process.exitCode = results.every(isGood) ? 0 : 1
