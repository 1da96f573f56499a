import { PROMPT_CLASSES } from '../base/prompt-class.ts'
import { compileRules } from '../classifier/rules.ts'
import type { LabelledPrompt } from '../tuning/labelled-prompts.ts'
import { train as learn, type TrainingReport } from '../tuning/train.ts'
import { trainingRows } from '../tuning/training-rows.ts'
import { familyOf, type Row } from '../tuning/training-set.ts'
import { CLASSIFIER_OPTIONS, openRules } from './classifier-files.ts'
import { type Command, type ExitCode, UsageError } from './command.ts'
import { bar } from './figures.ts'
import { readFlags } from './flags.ts'
import { readLabelledFile, readTurnsFile } from './labelled-file.ts'
import { checkOutput, writeOutput } from './output-file.ts'

/** Far below what makes a good classifier: fewer are a mistake, not a small data set. */
const LEAST_ROWS = 30

export const train: Command = {
  name: 'train',
  summary: 'learn classifier weights from labelled prompts',
  usage: `trivium train FILE.jsonl[.gz] ... --out FILE  [--turns FILE] [--derived FAMILY ...] [--rules FILE] [--json]

Learns weights from labelled files, {"label", "messages" | "text", "source"?, "lang"?, "id"?} a line. The same files in
the same order give the same bytes. Sources whose names begin alike, up to the first _, are one family: the temperature is
fitted on families left out of training. Sources named SET-LANGUAGE, such as own-fr, hold one set in several languages:
of them, prompts whose ids end in the same number are left out together. Exit code 1: fewer than ${LEAST_ROWS}
prompts, or a class without any.

  --out FILE        where the weights go
  --turns FILE      short turns within conversations, {"lang", "text", "last": "follow_up" | "new_topic"} a line
  --derived FAMILY  a family made from rows of the others: never left out, nor trained on while others are
  --rules FILE      rules the weights will stand beside, instead of the ones that ship
  --json            print the report as one JSON object
`,
  async run(args, io): Promise<ExitCode> {
    const { values, positionals } = readFlags(args, {
      allowPositionals: true,
      options: {
        rules: CLASSIFIER_OPTIONS.rules,
        out: { type: 'string' },
        turns: { type: 'string' },
        derived: { type: 'string', multiple: true, default: [] },
        json: { type: 'boolean', default: false },
      },
    })
    const { out } = values
    if (positionals.length === 0) throw new UsageError('give at least one labelled file')
    if (out === undefined) throw new UsageError('--out FILE is missing')
    checkOutput('--out', out)
    const book = openRules(values)
    const prompts: LabelledPrompt[] = []
    for (const file of positionals) {
      for (const prompt of await readLabelledFile(file)) prompts.push(prompt)
    }
    const rows = trainingRows(prompts, book)
    const strange = values.derived.find((name) => !rows.some(({ source }) => familyOf(source) === name))
    if (strange !== undefined) throw new UsageError(`--derived ${strange}: no prompt is of that family`)
    const lacking = lackOf(rows)
    if (lacking !== undefined) {
      io.stderr.write(`trivium train: ${lacking}\n`)
      return 1
    }
    const turns = values.turns === undefined ? [] : await readTurnsFile(values.turns)
    const terminal = io.stderr.isTTY === true
    const { bytes, report } = learn({
      rows,
      turns,
      rules: compileRules(book),
      derived: new Set(values.derived),
      ...(terminal && {
        onProgress: (done: number) => io.stderr.write(`\r${bar(done, 40)} ${Math.round(done * 100)} %`),
      }),
    })
    if (terminal) io.stderr.write('\n')
    writeOutput('--out', out, bytes)
    io.stdout.write(
      values.json ? `${JSON.stringify({ ...report, out, bytes: bytes.length })}\n` : textOf(report, out),
    )
    return 0
  },
}

/** Why nothing that generalises can be learnt of these, if so. */
function lackOf(rows: readonly Row[]): string | undefined {
  if (rows.length < LEAST_ROWS) {
    return `${rows.length} prompts with words are too few to learn from; give at least ${LEAST_ROWS}`
  }
  const missing = PROMPT_CLASSES.filter((name) => !rows.some(({ label }) => label === name))
  return missing.length === 0 ? undefined : `no prompt is labelled ${missing.join(' or ')}; give some of each`
}

function textOf(report: TrainingReport, out: string): string {
  return [
    `${report.rows} prompts of ${report.families} families of sources → ${out}`,
    `temperature ${report.temperature.toFixed(3)}; on families left out accuracy ${report.leftOutAccuracy.toFixed(3)}, macro-F1 ${report.leftOutMacroF1.toFixed(3)}`,
    ...report.leftOut.map(
      ({ family, rows, accuracy }) =>
        `  ${family.padEnd(24)}${accuracy.toFixed(3).padStart(7)} ${bar(accuracy, 20)} ${String(rows).padStart(7)}`,
    ),
    '',
  ].join('\n')
}
