import { parseArgs } from 'node:util'
import { areInOrder, booksTold } from '../endurance/books.ts'
import { type Sample, TABLE_HEAD, tableLine } from './sample.ts'
import { isNoMore, soak } from './soak.ts'
import { trendOf } from './trend.ts'

const USAGE = `Usage: node test/bench/soak/run.ts [--minutes 60] [--rate 500] [--warm-up 15] [--seed 1]

The whole program, compiled and packed as it ships, at a steady rate, whatever becomes of each request: whole answers and streams,
clients that leave or read slowly, upstreams that reset, stall, refuse and end early, people who look into the ledger and label.
Every half minute a line: sizes in MB (resident memory as the mean and the most of a look a second), the heap after the last full
collection (kept), sockets, timers, requests under way, money held, how late the event loop was. Then a verdict: resident memory
is never to be above 250 MB and, after the warm-up, to grow by less than 1 MB an hour (least squares), as is what is kept of the
heap; afterwards no socket, timer, answer, slot or hold may be left, and the balance must be the sum of the rows. Exits 1 where it
is not so.
`

const MOST_MB = 250
const MOST_MB_AN_HOUR = 1

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '60' },
    rate: { type: 'string', default: '500' },
    'warm-up': { type: 'string', default: '15' },
    seed: { type: 'string', default: '1' },
    help: { type: 'boolean', default: false },
  },
})

async function run(): Promise<void> {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1))
  process.stdout.write(TABLE_HEAD)
  const { starting, samples, before, after, books } = await soak({
    minutes: Number(values.minutes),
    rate: Number(values.rate),
    seed: Number(values.seed),
    onSample: (sample) => process.stdout.write(tableLine(sample)),
  })
  const warm = samples.filter(({ minute }) => minute > Number(values['warm-up']))
  const growth = (of: (sample: Sample) => number) =>
    trendOf(warm.map((sample) => ({ x: sample.minute / 60, y: of(sample) / 1e6 })))
  const resident = growth(({ resident: { mean } }) => mean)
  const kept = growth(({ heapKept }) => heapKept)
  const most = Math.max(starting.most, ...samples.map((sample) => sample.resident.most)) / 1e6
  const verdicts = [
    ['resident at most', most <= MOST_MB, `${most.toFixed(1)} MB`],
    ['resident grows by', resident.slope < MOST_MB_AN_HOUR, told(resident)],
    ['kept of the heap grows by', kept.slope < MOST_MB_AN_HOUR, told(kept)],
    ['left on the heap at rest', isNoMore(after, before), `${print(after)}; before: ${print(before)}`],
    ['books', areInOrder(books), 'as follows'],
  ] as const
  const lines = verdicts.map(
    ([what, isGood, figure]) => `${what.padEnd(27)} ${isGood ? 'good  ' : 'missed'} ${figure}`,
  )
  const span = `after a warm-up of ${values['warm-up']} of ${values.minutes} minutes; ± two standard errors`
  process.stdout.write(`\n${span}\n${lines.join('\n')}\n\n${booksTold(books)}\n`)
  process.exitCode = verdicts.every(([, isGood]) => isGood) ? 0 : 1
}

function told({ slope, error }: ReturnType<typeof trendOf>): string {
  return `${slope.toFixed(2)} ± ${(2 * error).toFixed(2)} MB an hour`
}

function print(objects: object): string {
  return Object.entries(objects)
    .map(([name, count]) => `${name} ${count}`)
    .join(', ')
}

if (values.help) process.stdout.write(USAGE)
else await run()
