import { salvage as salvageFile } from '../budget/sqlite/salvage.ts'
import { type Command, UsageError } from './command.ts'
import { checkOutput } from './files/output-file.ts'
import { readFlags } from './flags/flags.ts'

const USAGE = `trivium salvage: recover what can be read from a damaged ledger

  trivium salvage FILE --out NEW

  --out NEW       where to write the new ledger; must not exist yet

FILE is not changed; stop any server that uses it first. If nothing is damaged, NEW holds everything FILE holds. Hourly
and daily sums are copied too, so balances still include the cost of lost rows; if the sums are damaged, the next start
recomputes them from the rows. The command reports where sums and rows disagree. NEW appears only once it is complete.
If FILE was truncated or lost its first page, a copy of the same size is repaired beside NEW first.
Exit code 1: some of it could not be read. 2: FILE's tables cannot be found, or NEW cannot be written.
`

const OPTIONS = { out: { type: 'string' } } as const

export const salvage: Command = {
  name: 'salvage',
  summary: 'recover what can be read from a damaged ledger',
  usage: USAGE,
  async run(args, io) {
    const { values: flags, positionals } = readFlags(args, { options: OPTIONS, allowPositionals: true })
    const [file, more] = positionals
    if (file === undefined || more !== undefined)
      throw new UsageError('expected one FILE, the damaged ledger')
    if (flags.out === undefined) throw new UsageError('--out NEW is missing: where the new ledger goes')
    checkOutput('--out', flags.out, [file, `${file}-wal`])
    const { rows, gaps, sums, rowless } = salvageFile(file, flags.out)
    const lost = gaps === 0 ? 'nothing is lost' : `${gaps} range${gaps === 1 ? '' : 's'} could not be read`
    io.stdout.write(`${flags.out}: ${rows.toLocaleString('en-US')} rows, ${lost}; sums: ${sums}\n`)
    if (rowless > 0)
      io.stdout.write(
        `sums and rows disagree: balances count ${rowless.toLocaleString('en-US')} requests whose rows are lost\n`,
      )
    if (gaps > 0 && sums === 'recomputed')
      io.stdout.write('balances do not include the cost of lost rows: lower the budgets by that much\n')
    return gaps === 0 && rowless === 0 && sums === 'copied' ? 0 : 1
  },
}
