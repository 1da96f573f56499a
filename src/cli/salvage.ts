import { type Salvaged, salvage as salvageFile } from '../ledger/sqlite/salvage.ts'
import { type Command, UsageError } from './command.ts'
import { checkOutput } from './files/output-file.ts'
import { readFlags } from './flags/flags.ts'
import { announce } from './terminal/progress.ts'

const USAGE = `trivium salvage: recover what can be read from a damaged ledger

  trivium salvage FILE --out NEW [--json]

  --out NEW       where to write the new ledger; must not exist yet
  --json          print {"file", "rows", "gaps", "sums", "rowless"}

FILE is not changed; stop any server that uses it first. If nothing is damaged, NEW holds everything FILE holds. Hourly
and daily sums are copied too, so balances still include the cost of lost rows; if the sums are damaged, the next start
recomputes them from the rows. The command reports where sums and rows disagree. NEW appears only once it is complete.
If FILE was truncated or lost its first page, a copy of the same size is repaired beside NEW first.
Exit code 1: some of it could not be read. 2: FILE's tables cannot be found, or NEW cannot be written.
`

const OPTIONS = {
  out: { type: 'string' },
  json: { type: 'boolean', default: false },
} as const

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
    announce(io, 'copying what can be read')
    const saved = salvageFile(file, flags.out)
    if (flags.json) io.stdout.write(`${JSON.stringify({ file: flags.out, ...saved })}\n`)
    else for (const line of linesOf(flags.out, saved)) io.stdout.write(`${line}\n`)
    return saved.gaps === 0 && saved.rowless === 0 && saved.sums === 'copied' ? 0 : 1
  },
}

function* linesOf(file: string, { rows, gaps, sums, rowless }: Salvaged): Generator<string> {
  const lost = gaps === 0 ? 'nothing is lost' : `${gaps} range${gaps === 1 ? '' : 's'} could not be read`
  yield `${file}: ${rows.toLocaleString('en-US')} rows, ${lost}; sums: ${sums}`
  if (rowless > 0)
    yield `sums and rows disagree: balances count ${rowless.toLocaleString('en-US')} requests whose rows are lost`
  if (gaps > 0 && sums === 'recomputed')
    yield 'balances do not include the cost of lost rows: lower the budgets by that much'
}
