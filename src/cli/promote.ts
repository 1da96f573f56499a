import { promote as promoteCandidate } from '../desk/promotion.ts'
import type { TuningDesk } from '../desk/tuning-desk.ts'
import { type Entry, readJournal } from '../tuning/journal.ts'
import { MARGIN } from '../tuning/trial.ts'
import { type Command, type ExitCode, type Io, UsageError } from './command.ts'
import { openTuningDesk, personOf } from './desks/tuning-desk.ts'
import { readFlags } from './flags/flags.ts'
import { momentFlag } from './flags/since-flag.ts'
import { marginFlag, TRIAL_OPTIONS } from './flags/trial-flags.ts'
import { tellDecided } from './terminal/decided-words.ts'
import { formatTable } from './terminal/table.ts'

const USAGE = `trivium promote: let a candidate decide

  trivium promote VERSION [--margin POINTS] [--since 90d] [--by WHO] [--json]
  trivium promote --history [--json]      every decision so far, the first one first

Tries the candidate beside what is live, on labelled rows of the ledger whose words were kept and on the prompts that ship
for it, and refuses it where it loses more than the margin on either. A row that one of them was trained on counts with
the verdict of weights that had not seen it. Then it takes over in one step: running servers see it within a second or two
and drop no request; "trivium rollback" takes it back. VERSION may be shortened to six letters.

  --margin POINTS  points of accuracy it may lose [${MARGIN * 100}]
  --since WHEN     labelled rows since then only
  --store STORE    the ledger's file, or its postgres:// address
  --config FILE    the configuration (default: config/trivium.yaml here, else trivium.yaml)
  --by WHO         who decides (default: the user)
  --json           prints the figures, or the decisions, as JSON

Exit code 1: it loses, it is live already, its files cannot run or were changed, or somebody else decided at the same
moment. 2: there is no such candidate. Nothing has changed then.
`

const OPTIONS = {
  ...TRIAL_OPTIONS,
  by: { type: 'string' },
  history: { type: 'boolean', default: false },
  json: { type: 'boolean', default: false },
} as const

export const promote: Command = {
  name: 'promote',
  summary: 'let a candidate decide, unless it does worse than what is live',
  usage: USAGE,
  async run(args, io): Promise<ExitCode> {
    const { values, positionals } = readFlags(args, { allowPositionals: true, options: OPTIONS })
    const desk = openTuningDesk(values, io.env)
    if (values.history) return history(desk, values.json, io)
    const [named, more] = positionals
    if (named === undefined || more !== undefined) throw new UsageError('give one candidate, or --history')
    const margin = marginFlag(values.margin, MARGIN)
    const { version, trial, notes, decided } = await promoteCandidate(desk, {
      version: named,
      margin,
      since: momentFlag('--since', values.since, Date.now()),
      mustOpen: values.store !== undefined,
      by: personOf(values.by),
    })
    for (const note of notes) io.stderr.write(`trivium promote: ${note}\n`)
    if (values.json && trial !== undefined) {
      const objections = 'refused' in decided ? decided.refused : []
      io.stdout.write(`${JSON.stringify({ version, margin, objections, ...trial })}\n`)
    }
    return tellDecided('promote', decided, io)
  },
}

function history(desk: TuningDesk, json: boolean, io: Io): ExitCode {
  const journal = readJournal(desk.candidates)
  if (json) for (const entry of journal) io.stdout.write(`${JSON.stringify(entry)}\n`)
  else if (journal.length === 0) io.stdout.write('nothing was promoted\n')
  else io.stdout.write(tableOf(journal))
  return 0
}

function tableOf(journal: readonly Entry[]): string {
  return formatTable(
    [
      { heading: '#', right: true },
      { heading: 'decided (UTC)' },
      { heading: 'by' },
      { heading: 'what' },
      { heading: 'live' },
      { heading: 'shadow' },
      { heading: 'why' },
    ],
    journal.map(({ number, at, by, action, live, shadow, why }) => [
      String(number),
      at.slice(0, 16).replace('T', ' '),
      by,
      action,
      live ?? 'configuration',
      shadow ?? '–',
      why,
    ]),
  )
}
