import { restore as restoreFile } from '../ledger/sqlite/backup.ts'
import { isPostgres } from '../operations/open-store.ts'
import { tellCopied } from './backup.ts'
import { type Command, UsageError } from './command.ts'
import { readFlags } from './flags/flags.ts'
import { storeOf } from './flags/store-flag.ts'
import { announce } from './terminal/progress.ts'

const USAGE = `trivium restore: restore the ledger from a backup

  trivium restore BACKUP

  --store FILE    where the ledger belongs
  --config FILE   the configuration that names it (with neither: the one in this folder, else data/trivium.db)
  --json          print {"file", "bytes", "rows", "problems"}

Nothing is overwritten: if a ledger exists or a server is running, the command refuses; move the old file and its -wal
away first. A backup from an older version is upgraded. Balances exclude anything spent after the backup was made.
Exit code 1: restored, but its sums do not match its rows ("trivium check --ledger"). 2: nothing was restored.
`

const OPTIONS = {
  store: { type: 'string' },
  config: { type: 'string' },
  json: { type: 'boolean', default: false },
} as const

export const restore: Command = {
  name: 'restore',
  summary: 'restore the ledger from a backup',
  usage: USAGE,
  async run(args, io) {
    const { values: flags, positionals } = readFlags(args, { options: OPTIONS, allowPositionals: true })
    const [file, more] = positionals
    if (file === undefined || more !== undefined) throw new UsageError('expected one BACKUP')
    const store = storeOf(flags, io.env)
    if (isPostgres(store)) throw new UsageError('the ledger is in Postgres: restore it with pg_restore')
    announce(io, 'copying and checking the backup')
    return tellCopied(store, restoreFile(file, store), flags.json, io)
  },
}
