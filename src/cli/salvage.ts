import { salvage as salvageFile } from '../budget/sqlite/salvage.ts'
import { type Command, UsageError } from './command.ts'
import { readFlags } from './flags.ts'

const USAGE = `trivium salvage: save what can be read of a damaged ledger

  trivium salvage FILE --out NEW

  --out NEW       where the new ledger goes; nothing may be there yet

FILE stays as it is; no server may be using it. Without damage, NEW has all that FILE has. Sums by hour and day are copied
too, so that balances still know what lost rows cost; where they are damaged, the next start counts them anew from the rows.
Exit code 1: something could not be read. 2: FILE has not even its schema, or NEW cannot be written.
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
    const { rows, gaps, sums } = salvageFile(file, flags.out)
    const lost = gaps === 0 ? 'nothing is lost' : `${gaps} stretches could not be read`
    io.stdout.write(`${flags.out}: ${rows.toLocaleString('en-US')} rows, ${lost}; sums: ${sums}\n`)
    return gaps === 0 && sums === 'as they were' ? 0 : 1
  },
}
