import { monitorEventLoopDelay } from 'node:perf_hooks'
import { familiesOf, scrape } from '../../../src/admin/metrics/metrics.ts'
import { nanoUsd } from '../../../src/base/money.ts'
import { PROMPT_CLASSES } from '../../../src/base/prompt-class.ts'
import { OUTCOMES } from '../../../src/ledger/row.ts'
import { Telemetry } from '../../../src/telemetry/telemetry.ts'
import { closing, trip } from '../../unit/telemetry/samples.ts'

/**
 * The cost of a scrape by number of teams: `node test/bench/telemetry/scrape.ts`. Each team has used every
 * class and model with every outcome, and has two budgets. The longest turn is how long a request may have to
 * wait meanwhile.
 */
const MODELS = ['o1-mini', 'gpt-4o-mini', 'gpt-4o']
const SCRAPES = 5

for (const count of [1, 10, 100, 1_000]) {
  const teams = Array.from({ length: count }, (_, index) => `team-${index}`)
  const telemetry = new Telemetry()
  telemetry.follow({ teams, models: MODELS, upstreams: ['openai'] })
  for (const team of teams) {
    for (const [place, road] of PROMPT_CLASSES.entries()) {
      const target = MODELS[place] ?? null
      for (const outcome of OUTCOMES)
        telemetry.ended(trip({ team, class: road }), closing({ target, outcome }))
    }
  }
  const balances = teams.flatMap((team) =>
    (['day', 'month'] as const).map((per) => ({
      budget: { id: `team:${team}/${per}`, team, limit: nanoUsd(1e9), per, alertAt: [0.8] },
      spent: nanoUsd(1e6),
      held: nanoUsd(0),
      resetsAt: null,
    })),
  )
  const families = familiesOf({
    telemetry,
    vitals: () => ({
      version: '0',
      ready: true,
      ledgerWritable: true,
      booksReadable: true,
      limitsAvailable: true,
      lastReloadAccepted: true,
      loadedAt: 0,
      pricesCheckedAt: 0,
      requestsInFlight: 0,
      logLinesDropped: 0,
      classifiers: [],
      targets: [],
      retriesLeft: [],
      shutdowns: [],
    }),
    balances: () => balances,
    alerts: { waiting: async () => 0, attempts: {} },
  })
  let least = Number.POSITIVE_INFINITY
  let turn = Number.POSITIVE_INFINITY
  let bytes = 0
  for (let round = 0; round < SCRAPES; round += 1) {
    const delay = monitorEventLoopDelay({ resolution: 1 })
    delay.enable()
    const { user, system } = process.cpuUsage()
    bytes = (await scrape(families, true)).length
    const used = process.cpuUsage({ user, system })
    await new Promise((resolve) => setTimeout(resolve, 5))
    delay.disable()
    least = Math.min(least, (used.user + used.system) / 1000)
    turn = Math.min(turn, delay.max / 1e6)
  }
  console.log(
    `${String(count).padStart(5)} teams: ${least.toFixed(1)} ms of CPU, longest turn ${turn.toFixed(1)} ms, ${(bytes / 1024).toFixed(0)} KiB`,
  )
}
