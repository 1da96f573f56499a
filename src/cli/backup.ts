import { statSync } from 'node:fs'
import { join } from 'node:path'
import { backUp, type Copied } from '../ledger/sqlite/backup.ts'
import { isPostgres } from '../operations/open-store.ts'
import { type Command, type Io, UsageError } from './command.ts'
import { checkOutput } from './files/output-file.ts'
import { readFlags } from './flags/flags.ts'
import { storeOf } from './flags/store-flag.ts'
import { announce } from './terminal/progress.ts'

const USAGE = `trivium backup: copy the ledger's file, even while a server is writing to it

  trivium backup --out NEW

  --out NEW       where to write the copy: a new file, or a folder that exists, where it is named by the time (UTC)
  --store FILE    the ledger's file
  --config FILE   the configuration that names it (with neither: the one in this folder, else data/trivium.db)
  --json          print {"file", "bytes", "rows", "problems"}

The copy is a consistent snapshot. Before the command returns, it is checked (page structure, sums against rows) and
flushed to disk. Rules, weights and candidates are separate files beside the configuration.
Exit code 1: copied, but sums in the ledger do not match its rows ("trivium check --ledger"). 2: no copy was made.
`

const OPTIONS = {
  out: { type: 'string' },
  store: { type: 'string' },
  config: { type: 'string' },
  json: { type: 'boolean', default: false },
} as const

export const backup: Command = {
  name: 'backup',
  summary: "copy the ledger's file while it is in use",
  usage: USAGE,
  async run(args, io) {
    const flags = readFlags(args, { options: OPTIONS }).values
    if (flags.out === undefined) throw new UsageError('--out NEW is missing: where the copy goes')
    const store = storeOf(flags, io.env)
    if (isPostgres(store)) throw new UsageError('the ledger is in Postgres: back it up with pg_dump')
    const out = isFolder(flags.out) ? join(flags.out, nameAt(new Date())) : flags.out
    checkOutput('--out', out, [store, `${store}-wal`])
    announce(io, 'copying and checking the ledger')
    return tellCopied(out, backUp(store, out), flags.json, io)
  },
}

/** Reports the result of a copy, with one line per problem. */
export function tellCopied(file: string, { rows, bytes, problems }: Copied, json: boolean, io: Io): 0 | 1 {
  if (json) io.stdout.write(`${JSON.stringify({ file, bytes, rows, problems })}\n`)
  else {
    io.stdout.write(
      `${file}: ${rows.toLocaleString('en-US')} rows, ${bytes.toLocaleString('en-US')} bytes, ${
        problems.length === 0 ? 'intact' : 'DAMAGED'
      }\n`,
    )
    for (const problem of problems) io.stdout.write(`${problem}\n`)
  }
  return problems.length === 0 ? 0 : 1
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true
}

/** `trivium-20261122T113000Z.db`: names sort by time. */
function nameAt(moment: Date): string {
  return `trivium-${moment.toISOString().replace(/[-:]|\.\d+/g, '')}.db`
}
