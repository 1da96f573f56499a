import { requestTime } from '../base/ids.ts'
import { formatUsd, nanoUsd } from '../base/money.ts'
import { isPromptClass, PROMPT_CLASSES } from '../base/prompt-class.ts'
import type { LedgerLine } from '../ledger/line.ts'
import type { LedgerReader, RowFilter } from '../ledger/reader.ts'
import { OUTCOMES } from '../ledger/row.ts'
import { type Command, type ExitCode, type Io, UsageError } from './command.ts'
import { printRows } from './files/row-chunks.ts'
import { readFlags } from './flags/flags.ts'
import { sinceFlag } from './flags/span-flags.ts'
import { openReader } from './flags/store-flag.ts'
import { noteDeletedRows } from './pages/kept-note.ts'
import { printable } from './terminal/printable.ts'
import { formatTable } from './terminal/table.ts'

const USAGE = `trivium ledger: list requests, one row each

  trivium ledger [--team TEAM] [--class CLASS] [--outcome OUTCOME] [--since 7d|2026-11-01] [--limit N]
                 [--before ID] [--json]
  trivium ledger ID [--json]       one row in full

  --team TEAM     only this team's requests
  --class CLASS   only ${PROMPT_CLASSES.join(', ')}
  --outcome HOW   only ${OUTCOMES.join(', ')}
  --since WHEN    only requests since then: a duration back from now, or a date
  --limit N       the latest N rows [20; all with --json]
  --before ID     rows older than this one: with --limit, the previous page
  --store STORE   the ledger's file or postgres:// URL [the configuration's, else data/trivium.db]
  --config FILE   take the store from this configuration
  --json          print one JSON object per line, oldest first; money in nano-dollars, times in milliseconds

Rows older than \`store.retain\` are deleted; if you ask for them, a note on stderr says so.
Read-only, and safe while a server is running. In a shared store a request gets its row when it ends.
Exit code 1: no row has this ID. 2: the store does not exist or cannot be read.
`

const OPTIONS = {
  team: { type: 'string' },
  class: { type: 'string' },
  outcome: { type: 'string' },
  since: { type: 'string' },
  limit: { type: 'string' },
  before: { type: 'string' },
  store: { type: 'string' },
  config: { type: 'string' },
  json: { type: 'boolean', default: false },
} as const

export const ledger: Command = {
  name: 'ledger',
  summary: 'list requests and what became of them, or show one in full',
  usage: USAGE,
  async run(args, io) {
    const { values: flags, positionals } = parse(args)
    const [id, more] = positionals
    if (more !== undefined) throw new UsageError(`expected one ID, not also ${more}`)
    const filter = filterOf(flags)
    const limit = limitOf(flags.limit, flags.json)
    const reader = await openReader(flags, io.env)
    try {
      if (id !== undefined) return await showRow(reader, id, flags.json, io)
      if (flags.before !== undefined && (await reader.row(flags.before)) === undefined)
        return await noRow(reader, flags.before, io)
      if (flags.since !== undefined || limit === undefined) await noteDeletedRows(reader, filter, io)
      if (flags.json) await printRows(reader.rows(filter, limit), 'ndjson', io)
      else io.stdout.write(table(await Array.fromAsync(reader.rows(filter, limit))))
      return 0
    } finally {
      await reader.close()
    }
  },
}

function parse(args: readonly string[]) {
  return readFlags(args, { options: OPTIONS, allowPositionals: true })
}

type Flags = ReturnType<typeof parse>['values']

function filterOf(flags: Flags): RowFilter {
  if (flags.class !== undefined && !isPromptClass(flags.class))
    throw new UsageError(`--class ${flags.class}: expected ${PROMPT_CLASSES.join(', ')}`)
  const outcome = OUTCOMES.find((known) => known === flags.outcome)
  if (flags.outcome !== undefined && outcome === undefined)
    throw new UsageError(`--outcome ${flags.outcome}: expected ${OUTCOMES.join(', ')}`)
  const since = sinceFlag(flags.since, Date.now())
  return { team: flags.team, class: flags.class, outcome, since, before: flags.before }
}

function limitOf(text: string | undefined, json: boolean): number | undefined {
  if (text === undefined) return json ? undefined : 20
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new UsageError(`--limit ${text}: expected a whole number above 0`)
  return Number(text)
}

async function showRow(reader: LedgerReader, id: string, json: boolean, io: Io): Promise<ExitCode> {
  const row = await reader.row(id)
  if (row === undefined) return noRow(reader, id, io)
  if (json) io.stdout.write(`${JSON.stringify(row)}\n`)
  else for (const line of describe(row)) io.stdout.write(`${line}\n`)
  return 0
}

async function noRow(reader: LedgerReader, id: string, io: Io): Promise<ExitCode> {
  io.stderr.write(`trivium ledger: no row has the id ${id}\n`)
  await noteDeletedRows(reader, { since: requestTime(id) }, io)
  return 1
}

/** Fits in 120 columns. `trivium ledger ID` shows a row in full. */
function table(rows: readonly LedgerLine[]): string {
  if (rows.length === 0) return 'no requests\n'
  return formatTable(
    [
      { heading: 'time (UTC)' },
      { heading: 'team/key' },
      { heading: 'class' },
      { heading: 'model' },
      { heading: 'outcome' },
      { heading: 'tokens', right: true },
      { heading: 'cost USD', right: true },
      { heading: 'id' },
    ],
    rows.map((row) => [
      new Date(row.at).toISOString().slice(5, 16).replace('T', ' '),
      `${row.team}/${row.key}`,
      row.class ?? '–',
      row.target ?? '–',
      row.outcome ?? 'in flight',
      row.input_tokens === null ? '–' : String(row.input_tokens + (row.output_tokens ?? 0)),
      row.cost_nusd === null ? '–' : usd(row.cost_nusd).slice(0, -3),
      row.id,
    ]),
  )
}

function* describe(row: LedgerLine): Generator<string> {
  for (const [name, value] of Object.entries(row)) {
    const shown = typeof value === 'object' && value !== null ? JSON.stringify(value) : String(value ?? '–')
    if (name === 'at') yield `${'at'.padEnd(18)}${new Date(row.at).toISOString()}`
    else if (name.endsWith('_nusd') && typeof value === 'number')
      yield `${name.replace('_nusd', '_usd').padEnd(18)}${usd(value)}`
    else yield `${name.padEnd(18)}${printable(shown)}`
  }
}

function usd(nano: number): string {
  return formatUsd(nanoUsd(nano))
}
