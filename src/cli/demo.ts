import { once } from 'node:events'
import { setTimeout } from 'node:timers/promises'
import type { Command, ExitCode, Io } from './command.ts'
import type { Entry } from './demo/columns.ts'
import { ADMIN_TOKEN, type House, openHouse, TEAMS } from './demo/house.ts'
import { paletteFor } from './demo/paint.ts'
import { type Played, playAll } from './demo/play.ts'
import { report, widthOn } from './demo/report.ts'
import { wrap } from './demo/text-width.ts'
import { proof, surprises } from './demo/verify.ts'
import { readFlags } from './flags/flags.ts'

const USAGE = `Usage: trivium demo [--keep]

Starts a simulated upstream and the proxy on free ports, sends a varied set of requests through the official OpenAI
client, and prints for each one its class, the model that answered, why, and the cost. Needs no key and no network.

  --keep   leave both running and print base URL, key, console and upstream
`

/** Columns assumed when the output is not a terminal. */
const COLUMNS = 120
/** How long rows may take to close after the last response. */
const PATIENCE_MS = 3000

export const demo: Command = {
  name: 'demo',
  summary: 'try it: simulator and proxy on free ports, no key, no network',
  usage: USAGE,
  async run(args, io) {
    const { keep } = readFlags(args, { options: { keep: { type: 'boolean', default: false } } }).values
    const house = await openHouse(io)
    try {
      const code = await show(house, io)
      if (keep && code === 0) await stay(house, io)
      return code
    } finally {
      await house.close()
    }
  },
}

async function show(house: House, io: Io): Promise<ExitCode> {
  const played = await playAll(house)
  await house.simulator.idle()
  const entries = await entriesOf(played, house)
  const palette = paletteFor(io)
  const columns = io.stdout.columns ?? COLUMNS
  const sums = proof(house, entries).flatMap((line) => wrap(line, widthOn(columns)))
  const lines = [...report(entries, columns, palette), ...sums]
  io.stdout.write(`${lines.join('\n')}\n`)
  const unexpected = surprises(played, entries, house.simulator.billedNanoUsd())
  for (const each of unexpected) io.stderr.write(`demo: unexpected: ${each}\n`)
  return unexpected.length === 0 ? 0 : 1
}

/** Joins requests with their rows by id, once every row is closed. */
async function entriesOf(played: readonly Played[], house: House): Promise<readonly Entry[]> {
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

/** Shows what is needed to point a client at the proxy, and waits for Ctrl-C (or SIGTERM). */
async function stay({ dataUrl, adminUrl, simulator }: House, io: Io): Promise<void> {
  io.stdout.write(`
Still running; press Ctrl-C to stop.
  OPENAI_BASE_URL=${dataUrl}/v1
  OPENAI_API_KEY=${TEAMS.workshop.key}
  console: ${adminUrl}  (sign in with "${ADMIN_TOKEN}")
  upstream, for a configuration of your own: base_url: ${simulator.baseUrl}, any key
`)
  await Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')])
}
