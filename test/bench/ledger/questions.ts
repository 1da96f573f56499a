import type { LedgerReader, RowFilter, SpendFilter } from '../../../src/ledger/reader.ts'
import { check, measure, say } from './figures.ts'

const DAY = 86_400_000

export interface Asked {
  /** Opens the store afresh for each question, as a command does. */
  open(): LedgerReader | Promise<LedgerReader>
  readonly rows: number
  readonly runs: number
  /** The newest row's time, milliseconds since the epoch. */
  readonly until: number
}

/**
 * Asks what `trivium spend`, `trivium ledger` and `trivium export` ask, and checks counts against those of
 * the rows.
 */
export async function askAll({ open, rows, runs, until }: Asked): Promise<void> {
  const reader = await open()
  const oneDay = { since: until - 2.3 * DAY, until: until - 1.3 * DAY }
  const [some] = await Array.fromAsync(reader.rows({ until: until - 3 * DAY }, 3000))
  const id = some?.id ?? ''
  const isExact =
    (await requests(reader, 'team', oneDay)) === (await counted(reader, oneDay)) &&
    (await requests(reader, 'day', {})) === rows
  say('counts of a day and of all are those of the rows', isExact ? 'yes' : `no${check(false)}`)
  await reader.close()

  const reading = (ask: (reader: LedgerReader) => number | Promise<number>) => async () => {
    const opened = await open()
    try {
      return await ask(opened)
    } finally {
      await opened.close()
    }
  }
  const spend = (what: string, by: 'team' | 'day' | 'model', filter: SpendFilter) =>
    measure(
      what,
      reading((opened) => requests(opened, by, filter)),
      runs,
    )
  const latest = (what: string, filter: RowFilter) =>
    measure(
      what,
      reading(async (opened) => (await Array.fromAsync(opened.rows(filter, 100))).length),
      runs,
    )

  await spend('spend --since 1d', 'team', { since: until - DAY })
  await spend('spend, a day between odd times', 'team', oneDay)
  await spend('spend --team, all time, by day', 'day', { team: 'team-7' })
  await spend('spend --since 30d --by model', 'model', { since: until - 30 * DAY })
  await spend('spend, all time', 'team', {})
  await latest('ledger --limit 100', {})
  await latest('ledger --since 1d --limit 100', { since: until - DAY })
  await latest('ledger --team, the rarest', { team: 'team-0' })
  await latest('ledger --team that has none', { team: 'nobody' })
  await latest('ledger --outcome broken', { outcome: 'broken' })
  await latest('ledger --outcome unsettled, of which are none', { outcome: 'unsettled' })
  await latest('ledger --before ID, a page', { before: id })
  await latest('ledger --team --before ID, a page', { team: 'team-7', before: id })
  await measure(
    'ledger ID',
    reading(async (opened) => ((await opened.row(id))?.id === id ? 1 : 0)),
    runs,
  )
  const nobodys = `${id.slice(0, -3)}zzz`
  await measure(
    'ledger ID that nobody has',
    reading(async (opened) => ((await opened.row(nobodys)) === undefined ? 0 : 1)),
    runs,
  )
}

/** Reads as much of the ledger as an export would. */
export async function measureExport({ open, until }: Asked, days: number): Promise<void> {
  const reader = await open()
  const started = performance.now()
  const found = await counted(reader, { since: until - days * DAY })
  const tookMs = performance.now() - started
  const mostMemory = (process.resourceUsage().maxRSS / 1024).toFixed(0)
  say(
    'reading rows one after the other',
    `${((1000 * tookMs) / found).toFixed(1)} µs each (${found}, ${mostMemory} MiB at the most)`,
  )
  await reader.close()
}

async function requests(
  reader: LedgerReader,
  by: 'team' | 'day' | 'model',
  filter: SpendFilter,
): Promise<number> {
  return (await reader.spend(by, filter)).reduce((sum, line) => sum + line.requests, 0)
}

async function counted(reader: LedgerReader, filter: RowFilter): Promise<number> {
  let count = 0
  for await (const _row of reader.rows(filter)) count += 1
  return count
}
