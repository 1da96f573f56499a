import { evaluate as judge } from '../tuning/evaluate.ts'
import { chartOf } from '../tuning/evaluation-chart.ts'
import { CLASSIFIER_OPTIONS, openClassifier } from './classifier-files.ts'
import { type Command, type ExitCode, UsageError } from './command.ts'
import { evaluationPage, rulesPage } from './evaluation-page.ts'
import { readFlags } from './flags.ts'
import { readLabelledFile } from './labelled-file.ts'
import { checkOutput, writeOutput } from './output-file.ts'

export const evaluate: Command = {
  name: 'evaluate',
  summary: 'measure the classifier on labelled prompts',
  usage: `trivium evaluate FILE.jsonl[.gz]  [--by-rule] [--svg FILE] [--json] [--config FILE] [--rules FILE] [--weights FILE]

Classifies every prompt of a labelled file, {"label", "messages" | "text", "source"?, "lang"?} a line, and
prints accuracy, macro-F1, each class, the confusion, sources, languages, calibration and time per decision.

  --by-rule       print what each rule did instead: how often it fired, was right, was overruled, turned a verdict
  --svg FILE      draw the reliability plot and the confusion matrix there, too
  --json          print all figures as one JSON object
  --config FILE   take rules, weights and abstention from this configuration
  --rules FILE    rules instead of the ones that ship
  --weights FILE  weights instead of the ones that ship
`,
  async run(args, io): Promise<ExitCode> {
    const { values, positionals } = readFlags(args, {
      allowPositionals: true,
      options: {
        ...CLASSIFIER_OPTIONS,
        json: { type: 'boolean', default: false },
        'by-rule': { type: 'boolean', default: false },
        svg: { type: 'string' },
      },
    })
    const [file] = positionals
    if (file === undefined || positionals.length > 1) throw new UsageError('give one labelled file')
    if (values.svg !== undefined) checkOutput('--svg', values.svg)
    const classifier = openClassifier(values, io.env)
    const prompts = await readLabelledFile(file)
    const figures = judge(classifier, prompts, classifier.rules, () => performance.now())
    if (values.svg !== undefined) writeOutput('--svg', values.svg, chartOf(figures))
    const colour = io.stdout.isTTY === true
    if (values.json) io.stdout.write(`${JSON.stringify(figures)}\n`)
    else io.stdout.write(values['by-rule'] ? rulesPage(figures, colour) : evaluationPage(figures, colour))
    return 0
  },
}
