import { restore as restoreFile } from '../budget/sqlite/backup.ts'
import { isPostgres } from '../desk/open-store.ts'
import { tellCopied } from './backup.ts'
import { type Command, UsageError } from './command.ts'
import { readFlags } from './flags/flags.ts'
import { storeOf } from './flags/store-flag.ts'

const USAGE = `trivium restore: put a backup in the ledger's place

  trivium restore BACKUP

  --store FILE    where the ledger belongs
  --config FILE   the configuration that says so (without either: this folder's, else data/trivium.db)
  --json          print {"file", "bytes", "rows", "problems"}

Nothing is overwritten: where a ledger is, or a server, it is refused; move the old file and its -wal away first. A backup
of an older version is brought up to date on the way. What was spent after the backup was made is in no balance.
Exit code 1: it is restored, and its sums disagree with its rows ("trivium check --ledger"). 2: nothing was restored.
`

const OPTIONS = {
  store: { type: 'string' },
  config: { type: 'string' },
  json: { type: 'boolean', default: false },
} as const

export const restore: Command = {
  name: 'restore',
  summary: "put a backup in the ledger's place",
  usage: USAGE,
  async run(args, io) {
    const { values: flags, positionals } = readFlags(args, { options: OPTIONS, allowPositionals: true })
    const [file, more] = positionals
    if (file === undefined || more !== undefined) throw new UsageError('expected one BACKUP')
    const store = storeOf(flags, io.env)
    if (isPostgres(store))
      throw new UsageError('the ledger belongs into Postgres: pg_restore puts a backup there')
    return tellCopied(store, restoreFile(file, store), flags.json, io)
  },
}
