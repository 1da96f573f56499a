import { parseArgs } from 'node:util'
import { startSharedStores } from '../../support/shared-stores.ts'
import type { Tally } from './asker.ts'
import { type Across, complaintsOf, type StormResult, storm } from './storm.ts'

/**
 * `node test/bench/budget/run.ts [--seeds 100] [--from 1] [--requests 1000] [--usd 1] [--across
 * rollover|reload] [--replicas N]`: shows on the whole program that a budget is never overspent and can be
 * used almost completely. Exits with 1 if a run fails, and names it: `--from SEED --seeds 1` repeats it
 * alone. With `--replicas`, that many of them share a Redis and a Postgres started for the purpose.
 */
const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '100' },
    from: { type: 'string', default: '1' },
    requests: { type: 'string', default: '1000' },
    usd: { type: 'string', default: '1' },
    across: { type: 'string', default: 'nothing' },
    replicas: { type: 'string' },
  },
})
const from = Number(values.from)
const seeds = Array.from({ length: Number(values.seeds) }, (_, index) => from + index)
const across: Across = values.across === 'rollover' || values.across === 'reload' ? values.across : 'nothing'
const PROGRESS_EVERY = 25

let good = 0
const started = performance.now()
const stores = values.replicas === undefined ? undefined : await startSharedStores()
const results = await storm({
  seeds,
  requests: Number(values.requests),
  limitUsd: Number(values.usd),
  across,
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
    const complaints = complaintsOf(result)
    if (complaints.length === 0) good += 1
    else console.log(`seed ${result.seed}: ${complaints.join('; ')}`)
    const done = result.seed - from + 1
    if (done % PROGRESS_EVERY === 0) {
      const seconds = (performance.now() - started) / 1000
      console.log(`${done} of ${seeds.length} runs, ${good} good, ${(seconds / done).toFixed(2)} s each`)
    }
  },
})
await stores?.dispose()

const sum = (of: (result: StormResult) => number) => results.reduce((total, result) => total + of(result), 0)
const told = (name: Exclude<keyof Tally, 'unexpected'>) => sum(({ tally }) => tally[name])
const usd = (amounts: readonly number[]) =>
  `$${(Math.min(...amounts) / 1e9).toFixed(9)} … $${(Math.max(...amounts) / 1e9).toFixed(9)}`
console.log(`
runs                        ${good} good of ${results.length}, ${values.requests} requests at once on $${values.usd}, across ${across}
booked, least … most        ${usd(results.flatMap(({ windows }) => Object.values(windows)))}
billed, least … most        ${usd(results.map(({ billed }) => billed))}
billed but not booked       ${sum(({ underbooked }) => underbooked.length)} requests
answered                    ${told('answered')}, torn ${told('torn')}, left ${told('left')}
told that money is held     ${told('held')} times, and tried again
upstream failed or rests    ${told('unserved')} times, and tried again
redis took too long         ${told('away')} times, and tried again
refused, budget spent       ${told('exhausted')}, of them falsely ${told('falselyRefused')}
anything else               ${sum(({ tally }) => tally.unexpected.length)}
took                        ${((performance.now() - started) / 1000).toFixed(1)} s`)
process.exitCode = good === results.length ? 0 : 1
