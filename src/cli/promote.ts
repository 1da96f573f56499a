import { promote as promoteCandidate } from '../operations/promotion.ts'
import type { TuningContext } from '../operations/tuning-context.ts'
import { readJournal } from '../tuning/journal.ts'
import type { JournalEntry } from '../tuning/journal-entry.ts'
import { MARGIN } from '../tuning/trial.ts'
import { openTuning, personOf } from './backends/tuning-context.ts'
import { type Command, type ExitCode, type Io, UsageError } from './command.ts'
import { readFlags } from './flags/flags.ts'
import { sinceFlag } from './flags/span-flags.ts'
import { marginFlag, TRIAL_OPTIONS } from './flags/trial-flags.ts'
import { tellDecided } from './terminal/decided-words.ts'
import { formatTable } from './terminal/table.ts'

const USAGE = `trivium promote: put a candidate live

  trivium promote VERSION [--margin POINTS] [--since 90d] [--by WHO] [--json]
  trivium promote --history [--json]      every decision so far, oldest first

Compares the candidate with what is live, on the shipped evaluation prompts and on the ledger's labelled rows whose text
was kept, and refuses it if it loses more than the margin on either. A row that either was trained on is scored with
weights that had not seen it. The switch is atomic: running servers pick it up within a second or two and drop no
request. "trivium rollback" undoes it. VERSION may be shortened to six letters.

  --margin POINTS  accuracy it may lose, in percentage points [${MARGIN * 100}]
  --since WHEN     only labelled rows since then
  --store STORE    the ledger's file or postgres:// URL
  --config FILE    the configuration (default: config/trivium.yaml here, else trivium.yaml)
  --by WHO         who decides (default: your login name)
  --json           print the figures, or the decisions, as JSON

Exit code 1: it does worse, it is already live, its files cannot run or were changed, or someone else decided at the
same moment. 2: there is no such candidate. In either case nothing changes.
`

const OPTIONS = {
  ...TRIAL_OPTIONS,
  by: { type: 'string' },
  history: { type: 'boolean', default: false },
  json: { type: 'boolean', default: false },
} as const

export const promote: Command = {
  name: 'promote',
  summary: 'put a candidate live, unless it does worse than what is live now',
  usage: USAGE,
  async run(args, io): Promise<ExitCode> {
    const { values, positionals } = readFlags(args, { allowPositionals: true, options: OPTIONS })
    const tuning = openTuning(values, io.env)
    if (values.history) return history(tuning, values.json, io)
    const [named, more] = positionals
    if (named === undefined || more !== undefined) throw new UsageError('give one candidate, or --history')
    const margin = marginFlag(values.margin, MARGIN)
    const { version, trial, notes, decided } = await promoteCandidate(tuning, {
      version: named,
      margin,
      since: sinceFlag(values.since, Date.now()),
      mustOpen: values.store !== undefined,
      by: personOf(values.by),
    })
    for (const note of notes) io.stderr.write(`trivium promote: ${note}\n`)
    if (values.json) {
      const objections = 'refused' in decided ? decided.refused : []
      io.stdout.write(`${JSON.stringify({ version, margin, objections, ...trial })}\n`)
    }
    return tellDecided('promote', decided, io)
  },
}

function history(tuning: TuningContext, json: boolean, io: Io): ExitCode {
  const journal = readJournal(tuning.candidates)
  if (json) for (const entry of journal) io.stdout.write(`${JSON.stringify(entry)}\n`)
  else if (journal.length === 0) io.stdout.write('nothing was promoted\n')
  else io.stdout.write(tableOf(journal))
  return 0
}

/** Each reason on a line of its own: a promotion has one for each side it was compared on. */
function tableOf(journal: readonly JournalEntry[]): string {
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
    journal.flatMap(({ number, at, by, action, live, shadow, why }) => {
      const moment = at.slice(0, 16).replace('T', ' ')
      const [first = '', ...others] = why.split('; ')
      return [
        [String(number), moment, by, action, live ?? 'configuration', shadow ?? '–', first],
        ...others.map((reason) => ['', '', '', '', '', '', reason]),
      ]
    }),
  )
}
