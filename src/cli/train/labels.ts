import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { PromptClass } from '../../base/prompt-class.ts'
import { tablesOf } from '../../classifier/book-tables.ts'
import { decodeWeights, type Weights } from '../../classifier/model/weights.ts'
import type { RuleBook } from '../../classifier/rule.ts'
import { readRuleBook, readWeights } from '../../config/classifier.ts'
import { SHIPPED } from '../../config/load.ts'
import type { TuningContext } from '../../operations/tuning-context.ts'
import { writeCandidate } from '../../tuning/candidates.ts'
import type { LabelledRows } from '../../tuning/labelled/labelled-rows.ts'
import { candidateVersion, type Manifest } from '../../tuning/manifest.ts'
import { verdictAgain } from '../../tuning/replay/verdict-again.ts'
import { type LabelledLesson, type Learnt, learn } from '../../tuning/training/learn.ts'
import { type Rehearsal, readRehearsal } from '../../tuning/training/rehearsal.ts'
import { lessonTaker } from '../../tuning/training/row-lesson.ts'
import type { ExitCode, Io } from '../command.ts'
import { writeOutput } from '../files/output-file.ts'
import { progressOn } from '../terminal/progress.ts'

/** With fewer labels, the trained weights would hardly reflect them. */
export const LEAST_LABELS = 10

export interface LabelTraining {
  /** Undefined: a candidate is created instead. */
  readonly out: string | undefined
  readonly rules: string | undefined
  readonly weights: string | undefined
  readonly since: number | undefined
  readonly until: number
  readonly by: string
  readonly note: string
  readonly json: boolean
}

/** Continues training the shipped weights, or others, with the labels that people gave to requests. */
export async function trainOnLabels(
  tuning: TuningContext,
  { rows, forgotten }: LabelledRows,
  options: LabelTraining,
  io: Io,
): Promise<ExitCode> {
  const rulesFile = options.rules ?? tuning.live.rules
  const book = readRuleBook(rulesFile, tuning.shelf)
  const base = readWeights(options.weights ?? tuning.own.weights)
  const lessonOf = lessonTaker(book, base.salt)
  const labels = rows.flatMap((row) => lessonOf(row) ?? [])
  const lost = forgotten + rows.length - labels.length
  if (labels.length < LEAST_LABELS) {
    const others =
      lost === 0
        ? ''
        : `, and ${lost} more whose words were not kept or whose features are from another version`
    io.stderr.write(
      `trivium train: ${labels.length} labelled ${labels.length === 1 ? 'row' : 'rows'}${others}: too few to learn from; label at least ${LEAST_LABELS}\n`,
    )
    return 1
  }
  const rehearsal = await readRehearsal(join(SHIPPED, 'training'), book, base.salt)
  // Rows were recorded under the live rules, so whatever these matched is known for every row.
  const earlier = rulesFile === tuning.live.rules ? [] : [readRuleBook(tuning.live.rules, tuning.shelf)]
  const { onProgress, end } = progressOn(io)
  const learnt = learn({
    base,
    labels,
    rehearsal: rehearsal.lessons,
    judgeWith: (weights) => {
      const replayer = tuning.classifierWith(book, weights).replayer(earlier)
      return ({ row }) => {
        const again = verdictAgain(replayer, row.prompt)
        return 'choice' in again ? again.choice.class : undefined
      }
    },
    onProgress,
  })
  end()
  const made = { learnt, labels, forgotten: lost, base, rehearsal }
  const manifest = manifestOf(made, book, options)
  if (options.out === undefined) {
    writeCandidate(tuning.candidates, {
      manifest,
      rules: readFileSync(rulesFile),
      weights: learnt.bytes,
      leftOut: learnt.leftOut,
    })
  } else writeOutput('--out', options.out, learnt.bytes)
  io.stdout.write(
    options.json
      ? `${JSON.stringify({ ...manifest, out: options.out ?? null })}\n`
      : textOf(manifest, options.out ?? `candidate ${manifest.version}`),
  )
  return 0
}

interface Made {
  readonly learnt: Learnt
  readonly labels: readonly LabelledLesson[]
  readonly forgotten: number
  readonly base: Weights
  readonly rehearsal: Rehearsal
}

function manifestOf(made: Made, book: RuleBook, options: LabelTraining): Manifest {
  const { version: rulesVersion } = tablesOf(book)
  const { learnt, labels, forgotten, base, rehearsal } = made
  const { version } = decodeWeights(learnt.bytes)
  return {
    version: candidateVersion(rulesVersion, version),
    at: new Date(options.until).toISOString(),
    by: options.by,
    note: options.note,
    rules_version: rulesVersion,
    weights_version: version,
    ...(book.thresholds !== undefined && { thresholds: book.thresholds }),
    training: {
      base_weights: base.version,
      labels: countsOf(labels),
      forgotten,
      since: options.since === undefined ? null : new Date(options.since).toISOString(),
      until: new Date(options.until).toISOString(),
      files: rehearsal.files,
      left_out: { rows: learnt.leftOut.rows.length, before: learnt.before, after: learnt.after },
      step: learnt.step,
    },
  }
}

function countsOf(labels: readonly LabelledLesson[]): Partial<Record<PromptClass, number>> {
  const counts: Partial<Record<PromptClass, number>> = {}
  for (const { label } of labels) counts[label] = (counts[label] ?? 0) + 1
  return counts
}

function textOf({ version, weights_version, training }: Manifest, destination: string): string {
  const counts = Object.entries(training?.labels ?? {}).map(([name, count]) => `${count} ${name}`)
  const { rows, before, after } = training?.left_out ?? { rows: 0, before: 0, after: 0 }
  const rehearsed = Object.values(training?.files ?? {}).reduce((sum, count) => sum + count, 0)
  return [
    `weights ${weights_version} → ${destination}`,
    `learned from ${counts.join(', ')}; ${rehearsed} prompts rehearsed, starting from weights ${training?.base_weights}`,
    `cross-validated on the labels, in fifths: accuracy ${before.toFixed(3)} → ${after.toFixed(3)} on ${rows}`,
    `moved ${100 * (training?.step ?? 1)} % of the way from those weights to the ones the labels suggest`,
    `try it: trivium evaluate --candidate ${version}`,
    '',
  ].join('\n')
}
