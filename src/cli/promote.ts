import { type Entry, readJournal, writeEntry } from '../tuning/journal.ts'
import { gapOf, MARGIN, objectionsTo, type Trial, wordsOf } from '../tuning/trial.ts'
import { TuningError } from '../tuning/tuning-error.ts'
import { type Command, type ExitCode, type Io, UsageError } from './command.ts'
import { readFlags } from './flags.ts'
import { formatTable } from './table.ts'
import { marginFlag, runTrial, TRIAL_OPTIONS } from './trial-run.ts'
import { openTuningDesk, personOf, type TuningDesk } from './tuning-desk.ts'

const USAGE = `trivium promote: let a candidate decide

  trivium promote VERSION [--margin POINTS] [--since 90d] [--by WHO] [--json]
  trivium promote --history [--json]      every decision so far, the first one first

Tries the candidate beside what is live, on labelled rows of the ledger whose words were kept and on the prompts that ship
for it, and refuses it where it loses more than the margin on either. A row that one of them was trained on counts with
the verdict of weights that had not seen it. Then it takes over in one step: running servers see it within a second or two
and drop no request; "trivium rollback" takes it back. VERSION may be shortened.

  --margin POINTS  points of accuracy it may lose [${MARGIN * 100}]
  --since WHEN     labelled rows since then only
  --store STORE    the ledger's file, or its postgres:// address
  --config FILE    the configuration (default: config/trivium.yaml)
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
    // Read before the trial: a decision that is made meanwhile is seen.
    const journal = readJournal(desk.candidates)
    const run = await runTrial(desk, named, values, io.env)
    if ('refused' in run) return refuse([run.refused], io)
    const { version } = run.manifest
    for (const note of [run.note, gapOf(run.trial)])
      if (note !== undefined) io.stderr.write(`trivium promote: ${note}\n`)
    if (version === desk.version) return refuse([`${version} is live already`], io)
    const objections = objectionsTo(run.trial, margin)
    if (values.json) io.stdout.write(`${JSON.stringify({ version, margin, objections, ...run.trial })}\n`)
    if (objections.length > 0) return refuse(objections, io)
    const shadow = journal.at(-1)?.shadow ?? null
    return decide(desk, journal, io, {
      at: new Date().toISOString(),
      by: personOf(values.by),
      action: 'promote',
      live: version,
      // What is live needs no judge beside it that is the same.
      shadow: shadow === version ? null : shadow,
      why: figuresOf(run.trial),
    })
  },
}

/** Writes a decision and says what it comes to. */
export function decide(
  desk: TuningDesk,
  journal: readonly Entry[],
  io: Io,
  decided: Omit<Entry, 'number'>,
): ExitCode {
  try {
    const { action, live, shadow, why } = writeEntry(desk.candidates, journal, decided)
    const inForce = live ?? "the configuration's own rules and weights"
    io.stderr.write(`${action}: ${action === 'shadow' ? (shadow ?? 'none') : inForce}; ${why}\n`)
    return 0
  } catch (error) {
    if (!(error instanceof TuningError)) throw error
    return refuse([error.message], io)
  }
}

function refuse(why: readonly string[], { stderr }: Io): ExitCode {
  for (const line of why) stderr.write(`trivium promote: ${line}\n`)
  return 1
}

function figuresOf({ labelled, shipped }: Trial): string {
  const rows = labelled === null ? 'no labelled rows' : `labelled rows: ${wordsOf(labelled)}`
  return `${rows}; shipped set: ${wordsOf(shipped)}`
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
