import { PROMPT_CLASSES } from '../../base/prompt-class.ts'
import { compileRules } from '../../classifier/rules.ts'
import type { LabelledPrompt } from '../../tuning/labelled/labelled-prompts.ts'
import { type TrainingReport, train } from '../../tuning/training/train.ts'
import { trainingRows } from '../../tuning/training/training-rows.ts'
import { familyOf, type Row } from '../../tuning/training/training-set.ts'
import { type ExitCode, type Io, UsageError } from '../command.ts'
import { openRules } from '../files/classifier-files.ts'
import { readLabelledFile, readTurnsFile } from '../files/labelled-file.ts'
import { writeOutput } from '../files/output-file.ts'
import { bar } from '../terminal/figures.ts'
import { progressOn } from '../terminal/progress.ts'

/** Far too few for a good classifier: a smaller file is a mistake, not a small data set. */
export const LEAST_ROWS = 30

export interface WholeTraining {
  readonly files: readonly string[]
  /** Labelled rows of a ledger, used in addition to the files. */
  readonly labelled: readonly LabelledPrompt[]
  readonly out: string
  readonly rules: string | undefined
  readonly turns: string | undefined
  readonly derived: readonly string[]
  readonly json: boolean
}

/** Trains weights from scratch, from nothing but labelled prompts. */
export async function trainWhole(values: WholeTraining, io: Io): Promise<ExitCode> {
  const { out } = values
  const book = openRules(values)
  const prompts: LabelledPrompt[] = [...values.labelled]
  for (const file of values.files) {
    for (const prompt of await readLabelledFile(file)) prompts.push(prompt)
  }
  const rows = trainingRows(prompts, book)
  const strange = values.derived.find((name) => !rows.some(({ source }) => familyOf(source) === name))
  if (strange !== undefined) throw new UsageError(`--derived ${strange}: no prompt belongs to that family`)
  const lacking = lackOf(rows)
  if (lacking !== undefined) {
    io.stderr.write(`trivium train: ${lacking}\n`)
    return 1
  }
  const turns = values.turns === undefined ? [] : await readTurnsFile(values.turns)
  const { onProgress, end } = progressOn(io)
  const { bytes, report } = train({
    rows,
    turns,
    rules: compileRules(book),
    derived: new Set(values.derived),
    onProgress,
  })
  end()
  writeOutput('--out', out, bytes)
  io.stdout.write(
    values.json ? `${JSON.stringify({ ...report, out, bytes: bytes.length })}\n` : textOf(report, out),
  )
  return 0
}

/** Why these rows cannot yield weights that generalise, if they cannot. */
function lackOf(rows: readonly Row[]): string | undefined {
  if (rows.length < LEAST_ROWS) {
    return `${rows.length} prompts with text are too few to learn from; give at least ${LEAST_ROWS}`
  }
  const missing = PROMPT_CLASSES.filter((name) => !rows.some(({ label }) => label === name))
  return missing.length === 0 ? undefined : `no prompt is labelled ${missing.join(' or ')}; give some of each`
}

function textOf(report: TrainingReport, out: string): string {
  return [
    `${report.rows} prompts of ${report.families} families of sources → ${out}`,
    `temperature ${report.temperature.toFixed(3)}; on held-out families: accuracy ${report.leftOutAccuracy.toFixed(3)}, macro-F1 ${report.leftOutMacroF1.toFixed(3)}`,
    ...report.leftOut.map(
      ({ family, rows, accuracy }) =>
        `  ${family.padEnd(24)}${accuracy.toFixed(3).padStart(7)} ${bar(accuracy, 20)} ${String(rows).padStart(7)}`,
    ),
    '',
  ].join('\n')
}
