import { runTrial } from '../operations/trial-run.ts'
import { evaluate as judge } from '../tuning/evaluate.ts'
import { chartOf } from '../tuning/evaluation-chart.ts'
import { gapOf, MARGIN, objectionsTo, type Trial, wordsOf } from '../tuning/trial.ts'
import { openTuning } from './backends/tuning-context.ts'
import { type Command, type ExitCode, type Io, UsageError } from './command.ts'
import { CLASSIFIER_OPTIONS, openClassifier } from './files/classifier-files.ts'
import { readLabelledFile } from './files/labelled-file.ts'
import { checkOutput, writeOutput } from './files/output-file.ts'
import { readFlags } from './flags/flags.ts'
import { sinceFlag } from './flags/span-flags.ts'
import { marginFlag, TRIAL_OPTIONS } from './flags/trial-flags.ts'
import { evaluationPage, rulesPage } from './pages/evaluation-page.ts'
import { wantsColour } from './terminal/colour.ts'

export const evaluate: Command = {
  name: 'evaluate',
  summary: 'measure the classifier on labelled prompts',
  usage: `trivium evaluate FILE.jsonl[.gz]  [--by-rule] [--svg FILE] [--json] [--config FILE] [--rules FILE] [--weights FILE]
trivium evaluate --candidate VERSION  [--since 90d] [--margin POINTS] [--json] [--config FILE] [--store STORE]

Classifies every prompt of a labelled file, one {"label", "messages" | "text", "source"?, "lang"?} per line, and prints
accuracy, macro-F1, figures per class, source and language, the confusion matrix, calibration and time per decision.

  --by-rule       print what each rule did instead: how often it fired, was right, was overruled, changed the verdict
  --svg FILE      also draw the reliability plot and the confusion matrix to this file
  --json          print all figures as one JSON object
  --config FILE   take rules, weights and abstention thresholds from this configuration
  --rules FILE    use these rules instead of the shipped ones
  --weights FILE  use these weights instead of the shipped ones

With --candidate, compares a candidate with what is live, on the shipped evaluation prompts and on the ledger's labelled
rows whose text was kept. Exit code 1: \`trivium promote\` would refuse it.

  --since WHEN    only labelled rows since then
  --margin POINTS accuracy it may lose, in percentage points [${MARGIN * 100}]
  --store STORE   the ledger's file or postgres:// URL
`,
  async run(args, io): Promise<ExitCode> {
    const { values, positionals } = readFlags(args, {
      allowPositionals: true,
      options: {
        ...CLASSIFIER_OPTIONS,
        ...TRIAL_OPTIONS,
        candidate: { type: 'string' },
        json: { type: 'boolean', default: false },
        'by-rule': { type: 'boolean', default: false },
        svg: { type: 'string' },
      },
    })
    const [file] = positionals
    if (values.candidate !== undefined) {
      if (file !== undefined)
        throw new UsageError('a candidate is compared on rows and prompts of its own: give no file')
      return compareCandidate(values.candidate, values, io)
    }
    if (file === undefined || positionals.length > 1) throw new UsageError('give one labelled file')
    if (values.svg !== undefined)
      checkOutput('--svg', values.svg, [file, values.config, values.rules, values.weights])
    const classifier = openClassifier(values, io.env)
    const prompts = await readLabelledFile(file)
    const figures = judge(classifier, prompts, classifier.rules, () => performance.now())
    if (values.svg !== undefined) writeOutput('--svg', values.svg, chartOf(figures))
    const colour = wantsColour(io)
    if (values.json) io.stdout.write(`${JSON.stringify(figures)}\n`)
    else io.stdout.write(values['by-rule'] ? rulesPage(figures, colour) : evaluationPage(figures, colour))
    return 0
  },
}

async function compareCandidate(
  named: string,
  flags: Parameters<typeof openTuning>[0] & { since?: string; margin?: string; json: boolean },
  io: Io,
): Promise<ExitCode> {
  const margin = marginFlag(flags.margin, MARGIN)
  const run = await runTrial(openTuning(flags, io.env), named, {
    since: sinceFlag(flags.since, Date.now()),
    mustOpen: flags.store !== undefined,
  })
  if ('refused' in run) {
    io.stderr.write(`trivium evaluate: ${run.refused}\n`)
    return 1
  }
  const { version } = run.manifest
  const objections = objectionsTo(run.trial, margin)
  for (const note of [run.note, gapOf(run.trial)])
    if (note !== undefined) io.stderr.write(`trivium evaluate: ${note}\n`)
  if (flags.json) io.stdout.write(`${JSON.stringify({ version, margin, objections, ...run.trial })}\n`)
  else io.stdout.write(trialPage(run.trial, objections))
  return objections.length === 0 ? 0 : 1
}

function trialPage({ labelled, shipped }: Trial, objections: readonly string[]): string {
  return [
    ...(labelled === null ? [] : [`labelled rows          ${wordsOf(labelled)}`]),
    `shipped evaluation set ${wordsOf(shipped)}`,
    objections.length === 0 ? 'it may be promoted' : 'it would be refused:',
    ...objections.map((objection) => `  ${objection}`),
    '',
  ].join('\n')
}
