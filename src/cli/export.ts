import { createWriteStream } from 'node:fs'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { ROW_FORMATS } from '../budget/row-text.ts'
import { type Command, UsageError } from './command.ts'
import { draftOf } from './files/draft.ts'
import { checkOutput } from './files/output-file.ts'
import { printRows, rowChunks } from './files/row-chunks.ts'
import { readFlags } from './flags/flags.ts'
import { momentFlag } from './flags/since-flag.ts'
import { filesRead, openReader } from './flags/store-flag.ts'
import { noteDeletedRows } from './pages/kept-note.ts'

const USAGE = `trivium export: all that the ledger knows, one row for each request, oldest first

  trivium export [--format ndjson|csv] [--team TEAM] [--since 7d|2026-11-01] [--until 1d|2026-12-01] [--out FILE]

  --format HOW    ndjson: one JSON object a line; csv: RFC 4180 with a header line [ndjson]
  --team TEAM     only this team's requests
  --since WHEN    only requests that came since then: so long ago, or a date
  --until WHEN    only requests that came before then
  --out FILE      writes to this file, which appears or changes once all is written [standard output]
  --store STORE   the ledger's file, or its postgres:// address [the configuration's, else data/trivium.db]
  --config FILE   takes the store from this configuration

Money is in nano-dollars, times in milliseconds since the epoch. In CSV a text that a spreadsheet would take for a formula
begins with an apostrophe. Rows are written as they are read, so no ledger is too large; a server may be writing meanwhile.
Rows older than \`store.retain\` are deleted; a note on stderr says so where they are asked for.
Exit code 2: no such store, it cannot be read, or the file cannot be written.
`

const OPTIONS = {
  format: { type: 'string', default: 'ndjson' },
  team: { type: 'string' },
  since: { type: 'string' },
  until: { type: 'string' },
  out: { type: 'string' },
  store: { type: 'string' },
  config: { type: 'string' },
} as const

export const exportRows: Command = {
  name: 'export',
  summary: 'write the requests as NDJSON or CSV',
  usage: USAGE,
  async run(args, io) {
    const { values: flags } = readFlags(args, { options: OPTIONS })
    const format = ROW_FORMATS.find((known) => known === flags.format)
    if (format === undefined)
      throw new UsageError(`--format ${flags.format}: expected ${ROW_FORMATS.join(' or ')}`)
    const now = Date.now()
    const filter = {
      team: flags.team,
      since: momentFlag('--since', flags.since, now),
      until: momentFlag('--until', flags.until, now),
    }
    if (flags.out !== undefined) checkOutput('--out', flags.out, filesRead(flags, io.env))
    const reader = await openReader(flags, io.env)
    try {
      await noteDeletedRows(reader, filter, io)
      const rows = reader.rows(filter)
      if (flags.out === undefined) await printRows(rows, format, io)
      else await write(Readable.from(rowChunks(rows, format)), flags.out)
      return 0
    } finally {
      await reader.close()
    }
  },
}

async function write(text: Readable, file: string): Promise<void> {
  const draft = draftOf(file)
  try {
    await pipeline(text, createWriteStream(draft.path))
    draft.keep()
  } catch (error) {
    draft.discard()
    // The store's errors already explain themselves.
    if (!(error instanceof Error && 'code' in error)) throw error
    throw new UsageError(`--out ${file}: ${error.message}`)
  }
}
