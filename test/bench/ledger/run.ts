import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { openLedger } from '../../../src/budget/sqlite/ledger.ts'
import { type FileReader, openLedgerReader } from '../../../src/budget/sqlite/reader.ts'
import { crashedCopy } from '../../support/crashed-copy.ts'
import { fill } from './fill.ts'
import { measureWrites } from './writes.ts'

const HELP = `node test/bench/ledger/run.ts [--rows 10000000] [--days 30] [--runs 50] [--keep FILE]

Fills a ledger's file with so many rows (about 0.5 GB a million, in the temporary folder), starts on it twice, reads it
as \`trivium spend\` and \`trivium ledger\` do, and measures what writing a row costs on it. Counts are compared with
those of the rows themselves. Exits 1 when a query's p95 is 500 ms or more, the second start or one after kill -9 takes
a second, or a count is wrong.`

const { values } = parseArgs({
  options: {
    rows: { type: 'string', default: '10000000' },
    days: { type: 'string', default: '30' },
    runs: { type: 'string', default: '50' },
    keep: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
})
if (values.help) {
  console.log(HELP)
  process.exit(0)
}

const DAY = 86_400_000
const rows = Number(values.rows)
const runs = Number(values.runs)
const until = Date.now()
const folder = mkdtempSync(join(tmpdir(), 'trivium-ledger-'))
const file = values.keep ?? join(folder, 'ledger.db')
let isGood = true

function say(what: string, result: string): void {
  console.log(`${what.padEnd(46)} ${result}`)
}

function check(good: boolean): string {
  isGood &&= good
  return good ? '' : '   NOT GOOD'
}

async function start(from: string): Promise<number> {
  const started = performance.now()
  const ledger = openLedger(from)
  const tookMs = performance.now() - started
  await ledger.close()
  return tookMs
}

function measure(what: string, ask: () => number): void {
  const times: number[] = []
  let found = 0
  for (let run = 0; run < runs; run += 1) {
    const started = performance.now()
    found = ask()
    times.push(performance.now() - started)
  }
  times.sort((one, other) => one - other)
  const at = (part: number) => times[Math.ceil(part * times.length) - 1] ?? 0
  const figures = `p50 ${at(0.5).toFixed(1)} ms   p95 ${at(0.95).toFixed(1)} ms   (${found})`
  say(what, figures + check(at(0.95) < 500))
}

/** Each run opens the file anew, as a command does. */
function reading(ask: (reader: FileReader) => number): () => number {
  return () => {
    const reader = openLedgerReader(file)
    try {
      return ask(reader)
    } finally {
      reader.close()
    }
  }
}

function requests(
  reader: FileReader,
  by: 'team' | 'day' | 'model',
  filter: Parameters<FileReader['spend']>[1],
) {
  return reader.spend(by, filter).reduce((sum, line) => sum + line.requests, 0)
}

try {
  say(
    `filling ${rows} rows took`,
    `${((await fill(file, { rows, days: Number(values.days), until })) / 1000).toFixed(1)} s`,
  )
  say('the file is', `${(statSync(file).size / 1e9).toFixed(2)} GB`)
  say('the first start, which counts all of them', `${((await start(file)) / 1000).toFixed(1)} s`)
  const again = await start(file)
  say('a start', `${again.toFixed(0)} ms${check(again < 1000)}`)

  const reader = openLedgerReader(file)
  const some = [...reader.rows({ until: until - 3 * DAY }, 3000)]
  const id = some[0]?.id ?? ''
  const oneDay = { since: until - 2.3 * DAY, until: until - 1.3 * DAY }
  const counted = (filter: Parameters<FileReader['spend']>[1]) =>
    Iterator.from(reader.rows(filter)).reduce((sum) => sum + 1, 0)
  const exact = requests(reader, 'team', oneDay) === counted(oneDay) && requests(reader, 'day', {}) === rows
  say('counts of a day and of all are those of the rows', exact ? 'yes' : `no${check(false)}`)
  reader.close()

  measure(
    'spend --since 1d',
    reading((open) => requests(open, 'team', { since: until - DAY })),
  )
  measure(
    'spend, a day between odd times',
    reading((open) => requests(open, 'team', oneDay)),
  )
  measure(
    'spend --team, all time, by day',
    reading((open) => requests(open, 'day', { team: 'team-7' })),
  )
  measure(
    'spend --since 30d --by model',
    reading((open) => requests(open, 'model', { since: until - 30 * DAY })),
  )
  measure(
    'spend, all time',
    reading((open) => requests(open, 'team', {})),
  )
  const latest = (filter: Parameters<FileReader['rows']>[0], limit: number) =>
    reading((open) => [...open.rows(filter, limit)].length)
  measure('ledger --limit 100', latest({}, 100))
  measure('ledger --since 1d --limit 100', latest({ since: until - DAY }, 100))
  measure('ledger --team, the rarest', latest({ team: 'team-0' }, 100))
  measure('ledger --team that has none', latest({ team: 'nobody' }, 100))
  measure('ledger --outcome broken', latest({ outcome: 'broken' }, 100))
  measure('ledger --outcome unsettled, of which are none', latest({ outcome: 'unsettled' }, 100))
  measure('ledger --before ID, a page', latest({ before: id }, 100))
  measure('ledger --team --before ID, a page', latest({ team: 'team-7', before: id }, 100))
  measure(
    'ledger ID',
    reading((open) => (open.row(id)?.id === id ? 1 : 0)),
  )
  measure(
    'ledger ID that nobody has',
    reading((open) => (open.row(`${id.slice(0, -3)}zzz`) === undefined ? 0 : 1)),
  )

  const writeUs = await measureWrites(file, 100_000, 64)
  say('a request held and settled, 64 at a time', `${writeUs.toFixed(1)} µs CPU`)
  if (values.keep === undefined) {
    const ledger = openLedger(file)
    const dead = crashedCopy(file, join(folder, 'dead.db'))
    await ledger.close()
    const after = await start(dead)
    say('a start after kill -9', `${after.toFixed(0)} ms${check(after < 1000)}`)
  }
} finally {
  rmSync(folder, { recursive: true, force: true })
}
process.exitCode = isGood ? 0 : 1
