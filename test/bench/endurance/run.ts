import { parseArgs } from 'node:util'
import { markdown } from '../proxy/figures.ts'
import { endure } from './endure.ts'

const USAGE = `Usage: node test/bench/endurance/run.ts [--requests 1000000] [--at-once 64] [--seed 1]

The whole program, in a process of its own, under requests that end in every way there is: whole answers and streams,
clients that leave before and in the middle of an answer, upstreams that reset, stall past their deadline, refuse, end
early and send error frames. Afterwards every row must be closed once, the balance must be the sum of the rows, nothing
may be held, and every slot must be free. Prints memory on the way. Exits 1 where something is left.
`

const { values } = parseArgs({
  options: {
    requests: { type: 'string', default: '1000000' },
    'at-once': { type: 'string', default: '64' },
    seed: { type: 'string', default: '1' },
    help: { type: 'boolean', default: false },
  },
})

async function run(): Promise<void> {
  const started = performance.now()
  const rows = [['requests', 'resident MiB', 'in flight', 'requests/s']]
  const result = await endure({
    requests: Number(values.requests),
    atOnce: Number(values['at-once']),
    seed: Number(values.seed),
    onStep: ({ done, residentMib, inFlight, perSecond }) => {
      rows.push([String(done), residentMib.toFixed(0), String(inFlight), perSecond.toFixed(0)])
    },
  })
  const { outcomes, rowsNusd, balanceNusd, heldNusd, rowCount, openRows, freeSlots, slots } = result
  const good =
    rowsNusd === balanceNusd &&
    heldNusd === 0 &&
    rowCount <= Number(values.requests) + slots &&
    openRows === 0 &&
    freeSlots === slots
  process.stdout.write(`${markdown(rows)}

rows                        ${rowCount}, open ${openRows} (who leaves before the request has arrived has none)
balance − sum of the rows   ${balanceNusd - rowsNusd} nano-dollars of ${rowsNusd}; held ${heldNusd}
slots free at the end       ${freeSlots} of ${slots}
outcomes                    ${Object.entries(outcomes)
    .map(([name, count]) => `${name} ${count}`)
    .join(', ')}
took                        ${((performance.now() - started) / 1000).toFixed(0)} s
`)
  process.exitCode = good ? 0 : 1
}

if (values.help) process.stdout.write(USAGE)
else await run()
