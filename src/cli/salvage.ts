import { salvage as salvageFile } from '../budget/sqlite/salvage.ts'
import { type Command, UsageError } from './command.ts'
import { checkOutput } from './files/output-file.ts'
import { readFlags } from './flags/flags.ts'

const USAGE = `trivium salvage: save what can be read of a damaged ledger

  trivium salvage FILE --out NEW

  --out NEW       where the new ledger goes; nothing may be there yet

FILE stays as it is; no server may be using it. Without damage, NEW has all that FILE has. Sums by hour and day are copied
too, so that balances still know what lost rows cost; where they are damaged, the next start counts them anew from the rows.
Where sums and rows disagree, it says so. NEW appears when it is whole. A FILE that was cut short or lost its first page
is mended in a copy beside NEW first, as large as FILE.
Exit code 1: something could not be read. 2: the tables of FILE cannot be found, or NEW cannot be written.
`

const OPTIONS = { out: { type: 'string' } } as const

export const salvage: Command = {
  name: 'salvage',
  summary: 'save what can be read of a damaged ledger',
  usage: USAGE,
  async run(args, io) {
    const { values: flags, positionals } = readFlags(args, { options: OPTIONS, allowPositionals: true })
    const [file, more] = positionals
    if (file === undefined || more !== undefined)
      throw new UsageError('expected one FILE, the damaged ledger')
    if (flags.out === undefined) throw new UsageError('--out NEW is missing: where the new ledger goes')
    checkOutput('--out', flags.out, [file, `${file}-wal`])
    const { rows, gaps, sums, rowless } = salvageFile(file, flags.out)
    const lost = gaps === 0 ? 'nothing is lost' : `${gaps} stretches could not be read`
    io.stdout.write(`${flags.out}: ${rows.toLocaleString('en-US')} rows, ${lost}; sums: ${sums}\n`)
    if (rowless > 0)
      io.stdout.write(
        `sums and rows disagree: balances count ${rowless.toLocaleString('en-US')} requests whose rows are lost\n`,
      )
    if (gaps > 0 && sums === 'counted anew')
      io.stdout.write('balances know nothing of what lost rows cost: lower the budgets by it\n')
    return gaps === 0 && rowless === 0 && sums === 'as they were' ? 0 : 1
  },
}
