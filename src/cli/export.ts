import { createWriteStream } from 'node:fs'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { ROW_FORMATS, type RowFormat } from '../ledger/row-text.ts'
import { type Command, UsageError } from './command.ts'
import { draftOf } from './files/draft.ts'
import { checkOutput } from './files/output-file.ts'
import { printRows, rowChunks } from './files/row-chunks.ts'
import { readFlags } from './flags/flags.ts'
import { spanFlags } from './flags/span-flags.ts'
import { filesRead, openReader } from './flags/store-flag.ts'
import { noteDeletedRows } from './pages/kept-note.ts'
import { countOn } from './terminal/progress.ts'

const USAGE = `trivium export: the whole ledger, one row per request, oldest first

  trivium export [--format ndjson|csv] [--team TEAM] [--since 7d|2026-11-01] [--until 1d|2026-12-01] [--out FILE]

  --format HOW    ndjson: one JSON object per line; csv: RFC 4180 with a header line [ndjson]
  --team TEAM     only this team's requests
  --since WHEN    only requests since then: a duration back from now, or a date
  --until WHEN    only requests before then
  --json          the same as --format ndjson
  --out FILE      write to this file, which is created or replaced only once everything is written [standard output]
  --store STORE   the ledger's file or postgres:// URL [the configuration's, else data/trivium.db]
  --config FILE   take the store from this configuration

Money is in nano-dollars, times in milliseconds since the epoch. In CSV, text that a spreadsheet would treat as a
formula starts with an apostrophe. Rows are streamed, so a ledger of any size can be exported, even while a server is
running.
Rows older than \`store.retain\` are deleted; if you ask for them, a note on stderr says so.
Exit code 2: the store does not exist or cannot be read, or the file cannot be written.
`

const OPTIONS = {
  format: { type: 'string' },
  json: { type: 'boolean', default: false },
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
    const format = formatOf(flags)
    const now = Date.now()
    const filter = {
      team: flags.team,
      ...spanFlags(flags, now),
    }
    if (flags.out !== undefined) checkOutput('--out', flags.out, filesRead(flags, io.env))
    const reader = await openReader(flags, io.env)
    try {
      await noteDeletedRows(reader, filter, io)
      const rows = reader.rows(filter)
      if (flags.out === undefined) await printRows(rows, format, io)
      else {
        const { onProgress, end } = countOn(io, 'requests written')
        await write(Readable.from(rowChunks(rows, format, onProgress)), flags.out).finally(end)
      }
      return 0
    } finally {
      await reader.close()
    }
  },
}

function formatOf({ format = 'ndjson', json }: { format?: string; json: boolean }): RowFormat {
  const known = ROW_FORMATS.find((each) => each === format)
  if (known === undefined) throw new UsageError(`--format ${format}: expected ${ROW_FORMATS.join(' or ')}`)
  if (json && known !== 'ndjson') throw new UsageError(`--json contradicts --format ${format}`)
  return known
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
