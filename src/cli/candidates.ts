import { isPromptClass, PROMPT_CLASSES } from '../base/prompt-class.ts'
import type { Thresholds } from '../classifier/rule.ts'
import { keptAlready, makeCandidate } from '../operations/candidate.ts'
import type { TuningContext } from '../operations/tuning-context.ts'
import { type Candidate, listCandidates } from '../tuning/candidates.ts'
import { openTuning, personOf, TUNING_OPTIONS } from './backends/tuning-context.ts'
import { type Command, type ExitCode, type Io, UsageError } from './command.ts'
import { readFlags } from './flags/flags.ts'
import { formatTable } from './terminal/table.ts'

const USAGE = `trivium candidates: the rules and weights that can be promoted, and where they came from

  trivium candidates [--json]      list them, oldest first
  trivium candidates add [--rules FILE] [--weights FILE] [--abstain-below N] [--abstain-to CLASS]
                         [--by WHO] [--note TEXT] [--json]
                                   store a copy of these rules and weights as a candidate. Whatever you leave
                                   out is copied from what is live; an identical candidate is left as it was

  --abstain-below N     abstain below this confidence, 0 to 1
  --abstain-to CLASS    the class used when abstaining; both thresholds are written into the candidate's rules

  --config FILE   the configuration (default: config/trivium.yaml here, else trivium.yaml)
  --json          print the manifests, one JSON object per line

"trivium train --from-log --candidate" creates candidates too. Exit code 1: some candidates cannot be read; the others are
listed. 2: the files are invalid; the errors name their lines.
`

const OPTIONS = {
  ...TUNING_OPTIONS,
  rules: { type: 'string' },
  weights: { type: 'string' },
  'abstain-below': { type: 'string' },
  'abstain-to': { type: 'string' },
  by: { type: 'string' },
  note: { type: 'string', default: '' },
  json: { type: 'boolean', default: false },
} as const

export const candidates: Command = {
  name: 'candidates',
  summary: 'list the rules and weights that can be promoted, or add some',
  usage: USAGE,
  async run(args, io): Promise<ExitCode> {
    const { values, positionals } = parse(args)
    const [action, more] = positionals
    if (more !== undefined || (action !== undefined && action !== 'add'))
      throw new UsageError(`unknown argument ${more ?? action}; expected "add", or nothing to list them`)
    const tuning = openTuning(values, io.env)
    if (action === 'add') return add(tuning, values, io)
    const { candidates: all, unreadable } = listCandidates(tuning.candidates)
    if (values.json) for (const { manifest } of all) io.stdout.write(`${JSON.stringify(manifest)}\n`)
    else io.stdout.write(tableOf(all, tuning))
    for (const { message } of unreadable) io.stderr.write(`trivium candidates: ${message}\n`)
    return unreadable.length === 0 ? 0 : 1
  },
}

function parse(args: readonly string[]) {
  return readFlags(args, { allowPositionals: true, options: OPTIONS })
}

function add(tuning: TuningContext, values: ReturnType<typeof parse>['values'], io: Io): ExitCode {
  const { rules = tuning.live.rules, weights = tuning.live.weights } = values
  const thresholds = thresholdsOf(values['abstain-below'], values['abstain-to'])
  if (values.rules === undefined && values.weights === undefined && thresholds === undefined)
    throw new UsageError('give --rules FILE, --weights FILE or a threshold')
  const { manifest, isNew } = makeCandidate(tuning, {
    rules: { file: rules },
    weightsFile: weights,
    thresholds,
    by: personOf(values.by),
    note: values.note,
  })
  if (values.json) io.stdout.write(`${JSON.stringify(manifest)}\n`)
  else io.stdout.write(`candidate ${manifest.version}\n`)
  if (!isNew) io.stderr.write(`${keptAlready(manifest)}\n`)
  return 0
}

function thresholdsOf(below: string | undefined, to: string | undefined): Thresholds | undefined {
  if (below === undefined && to === undefined) return undefined
  if (below !== undefined && !(below.trim() !== '' && Number(below) >= 0 && Number(below) <= 1))
    throw new UsageError(`--abstain-below ${below}: expected a number from 0 to 1`)
  if (to !== undefined && !isPromptClass(to))
    throw new UsageError(`--abstain-to ${to}: expected ${PROMPT_CLASSES.join(', ')}`)
  return {
    ...(below !== undefined && { abstain_below: Number(below) }),
    ...(to !== undefined && { abstain_to: to }),
  }
}

function tableOf(all: readonly Candidate[], { version: live }: TuningContext): string {
  if (all.length === 0) return 'no candidates\n'
  return formatTable(
    [
      { heading: 'candidate' },
      { heading: 'made (UTC)' },
      { heading: 'by' },
      { heading: 'rules' },
      { heading: 'weights' },
      { heading: 'labels', right: true },
      { heading: 'left out' },
      { heading: '' },
    ],
    all.map(({ manifest }) => {
      const { version, at, by, rules_version, weights_version, training, note } = manifest
      const labels = Object.values(training?.labels ?? {}).reduce((sum, count) => sum + count, 0)
      const leftOut = training?.left_out
      return [
        version,
        at.slice(0, 16).replace('T', ' '),
        by,
        rules_version,
        weights_version,
        labels === 0 ? '–' : String(labels),
        leftOut ? `${leftOut.before.toFixed(3)} → ${leftOut.after.toFixed(3)}` : '–',
        version === live ? `live ${note}`.trim() : note,
      ]
    }),
  )
}
