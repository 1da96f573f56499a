import { parseArgs } from 'node:util'
import { markdown } from '../proxy/figures.ts'
import { areInOrder, booksTold } from './books.ts'
import { endure } from './endure.ts'

const USAGE = `Usage: node test/bench/endurance/run.ts [--requests 1000000] [--at-once 64] [--seed 1]

The whole program, in a process of its own, under requests that end in every way there is: whole answers and streams,
clients that leave before and in the middle of an answer or read it slowly, upstreams that reset, stall past their deadline,
refuse, end early and send error frames. Afterwards every row must be closed once, the balance must be the sum of the rows,
nothing may be held, and every slot must be free. Prints memory on the way. Exits 1 where something is left.
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
  const books = await endure({
    requests: Number(values.requests),
    atOnce: Number(values['at-once']),
    seed: Number(values.seed),
    onStep: ({ done, residentMib, inFlight, perSecond }) => {
      rows.push([String(done), residentMib.toFixed(0), String(inFlight), perSecond.toFixed(0)])
    },
  })
  const areNoMore = books.rowCount <= Number(values.requests) + books.slots
  process.stdout.write(`${markdown(rows)}

${booksTold(books)}
took                        ${((performance.now() - started) / 1000).toFixed(0)} s
`)
  process.exitCode = areInOrder(books) && areNoMore ? 0 : 1
}

if (values.help) process.stdout.write(USAGE)
else await run()
