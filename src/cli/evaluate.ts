import { PROMPT_CLASSES } from '../base/prompt-class.ts'
import { type Evaluation, type GroupFigures, evaluate as judge } from '../tuning/evaluate.ts'
import { CLASSIFIER_OPTIONS, openClassifier } from './classifier-files.ts'
import { type Command, type ExitCode, UsageError } from './command.ts'
import { bar, emphasise } from './figures.ts'
import { readFlags } from './flags.ts'
import { readLabelledFile } from './labelled-file.ts'

export const evaluate: Command = {
  name: 'evaluate',
  summary: 'measure the classifier on labelled prompts',
  usage: `trivium evaluate FILE.jsonl[.gz]  [--json] [--config FILE] [--rules FILE] [--weights FILE]

Classifies every prompt of a labelled file, {"label", "messages" | "text", "source"?, "lang"?} a line, and
prints accuracy, macro-F1, each class, the confusion, sources, languages, calibration and time per decision.

  --json          print all figures as one JSON object
  --config FILE   take rules, weights and abstention from this configuration
  --rules FILE    rules instead of the ones that ship
  --weights FILE  weights instead of the ones that ship
`,
  async run(args, io): Promise<ExitCode> {
    const { values, positionals } = readFlags(args, {
      allowPositionals: true,
      options: { ...CLASSIFIER_OPTIONS, json: { type: 'boolean', default: false } },
    })
    const [file] = positionals
    if (file === undefined || positionals.length > 1) throw new UsageError('give one labelled file')
    const classifier = openClassifier(values, io.env)
    const prompts = await readLabelledFile(file)
    const figures = judge(classifier, prompts, () => performance.now())
    io.stdout.write(values.json ? `${JSON.stringify(figures)}\n` : tableOf(figures, io.stdout.isTTY === true))
    return 0
  },
}

function tableOf(figures: Evaluation, colour: boolean): string {
  const head = (text: string) => ['', emphasise(text, colour)]
  return [
    `${figures.rows} prompts · macro-F1 ${emphasise(figures.macro_f1.toFixed(4), colour)} · accuracy ${figures.accuracy.toFixed(4)} · ECE ${figures.ece.toFixed(4)}`,
    `confidence ≥ ${figures.confident.from}: covers ${percent(figures.confident.coverage)} at precision ${percent(figures.confident.precision)} · ${figures.abstained} abstained`,
    `time per decision: p50 ${figures.microseconds.p50.toFixed(1)} µs · p99 ${figures.microseconds.p99.toFixed(1)} µs`,
    ...head(`${'class'.padEnd(18)}precision  recall      F1    rows    labelled → judged`),
    ...PROMPT_CLASSES.map((name) => {
      const { precision, recall, f1, rows } = figures.classes[name]
      const confusion = PROMPT_CLASSES.map((found) =>
        String(figures.confusion[name][found]).padStart(7),
      ).join('')
      const cells = [precision, recall, f1].map((figure) => figure.toFixed(3).padStart(8)).join('')
      return `${name.padEnd(18)}${cells}${String(rows).padStart(8)}    ${confusion}`
    }),
    ...head(`${'confidence'.padEnd(18)}${'said'.padStart(8)}${'right'.padStart(8)}    rows`),
    ...figures.bands
      .filter(({ rows }) => rows > 0)
      .map(({ from, rows, confidence, accuracy }) => {
        const name = `${from.toFixed(1)} – ${(from + 0.1).toFixed(1)}`
        return `${name.padEnd(18)}${percent(confidence).padStart(8)}${percent(accuracy).padStart(8)}${String(rows).padStart(8)}  ${bar(accuracy, 20)}`
      }),
    ...head(groupHead('language')),
    ...groupRows(figures.by_language),
    ...head(groupHead('source')),
    ...groupRows(figures.by_source),
    '',
    `rules ${figures.rules_version} · weights ${figures.weights_version}`,
    '',
  ].join('\n')
}

function groupHead(name: string): string {
  return `${name.padEnd(26)}accuracy  macro-F1    rows`
}

function groupRows(groups: Readonly<Record<string, GroupFigures>>): readonly string[] {
  return Object.entries(groups).map(
    ([name, { rows, accuracy, macro_f1 }]) =>
      `${name.padEnd(26)}${accuracy.toFixed(3).padStart(8)}${macro_f1.toFixed(3).padStart(10)}${String(rows).padStart(8)}`,
  )
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`
}
