import { once } from 'node:events'
import { setTimeout } from 'node:timers/promises'
import type { Command, Io } from './command.ts'
import type { PlayedScenario } from './demo/columns.ts'
import { type House, openHouse } from './demo/house.ts'
import { paletteFor } from './demo/paint.ts'
import { type Played, playAll } from './demo/play.ts'
import { report, widthOn } from './demo/report.ts'
import { resultOf, waysIn } from './demo/result.ts'
import { wrap } from './demo/text-width.ts'
import { proof, surprises } from './demo/verify.ts'
import { readFlags } from './flags/flags.ts'

const USAGE = `Usage: trivium demo [--keep] [--json]

Starts a simulated upstream and the proxy on free ports, sends a varied set of requests through the official OpenAI
client, and prints for each one its class, the model that answered, why, and the cost. Needs no key and no network.

  --keep   leave both running and print base URL, key, console and upstream
  --json   print {"requests", "cost_nusd", "baseline_nusd", "billed_nusd", "unexpected"}: each request with its row of the
           ledger, money in nano-dollars; with --keep also {"running"}: base URL, key, console, its token, and upstream

Exit code 1: something did not come out as it should; stderr says what.
`

const OPTIONS = {
  keep: { type: 'boolean', default: false },
  json: { type: 'boolean', default: false },
} as const

/** Columns assumed when the output is not a terminal. */
const COLUMNS = 120
/** How long rows may take to close after the last response. */
const PATIENCE_MS = 3000

export const demo: Command = {
  name: 'demo',
  summary: 'try it: simulator and proxy on free ports, no key, no network',
  usage: USAGE,
  async run(args, io) {
    const { keep, json } = readFlags(args, { options: OPTIONS }).values
    const house = await openHouse(io)
    try {
      const played = await playAll(house)
      await house.simulator.idle()
      const entries = await entriesOf(played, house)
      const unexpected = surprises(played, entries, house.simulator.billedNanoUsd())
      const stays = keep && unexpected.length === 0
      if (json) {
        const running = stays ? { running: waysIn(house) } : {}
        io.stdout.write(`${JSON.stringify({ ...resultOf(house, entries, unexpected), ...running })}\n`)
      } else show(house, entries, io)
      for (const each of unexpected) io.stderr.write(`demo: unexpected: ${each}\n`)
      if (stays) await stay(house, json, io)
      return unexpected.length === 0 ? 0 : 1
    } finally {
      await house.close()
    }
  },
}

function show(house: House, entries: readonly PlayedScenario[], io: Io): void {
  const palette = paletteFor(io)
  const columns = io.stdout.columns ?? COLUMNS
  const sums = proof(house, entries).flatMap((line) => wrap(line, widthOn(columns)))
  const lines = [...report(entries, columns, palette), ...sums]
  io.stdout.write(`${lines.join('\n')}\n`)
}

/** Joins requests with their rows by id, once every row is closed. */
async function entriesOf(played: readonly Played[], house: House): Promise<readonly PlayedScenario[]> {
  const deadline = performance.now() + PATIENCE_MS
  for (;;) {
    const byId = new Map(house.ledger().map((line) => [line.id, line]))
    const entries = played.flatMap(({ scenario, id }) => {
      const line = byId.get(id ?? '')
      return line === undefined || line.outcome === null ? [] : [{ scenario, line }]
    })
    if (entries.length === played.length || performance.now() > deadline) return entries
    await setTimeout(10)
  }
}

/** Waits for Ctrl-C (or SIGTERM), once everything is printed that is needed to point a client at the proxy. */
async function stay(house: House, isPrinted: boolean, io: Io): Promise<void> {
  const { base_url, api_key, console, admin_token, upstream } = waysIn(house)
  const said = `
Still running; press Ctrl-C to stop.
  OPENAI_BASE_URL=${base_url}
  OPENAI_API_KEY=${api_key}
  console: ${console}  (sign in with "${admin_token}")
  upstream, for a configuration of your own: base_url: ${upstream}, any key
`
  if (!isPrinted) io.stdout.write(said)
  await Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')])
}
