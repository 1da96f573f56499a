import { PROMPT_CLASSES, type PromptClass } from '../base/prompt-class.ts'
import type { Rule } from '../classifier/rule.ts'
import type { Classifier, Verdict } from '../classifier/verdict.ts'
import type { LabelledPrompt } from './labelled/labelled-prompts.ts'

export interface ClassFigures {
  readonly precision: number
  readonly recall: number
  readonly f1: number
  readonly rows: number
}

export interface GroupFigures {
  readonly rows: number
  readonly accuracy: number
  /** Over the classes present in the group. */
  readonly macro_f1: number
}

/** One of ten bands of confidence: how confident its verdicts were, and what share was right. */
export interface Band {
  readonly from: number
  readonly rows: number
  readonly confidence: number
  readonly accuracy: number
}

/** How one rule performed. */
export interface RuleFigures {
  readonly id: string
  readonly class: PromptClass
  readonly weight: number
  /** Prompts it fired on. */
  readonly fired: number
  /** Of these: prompts labelled with its class. */
  readonly right: number
  /** Of these: verdicts of another class despite the rule. */
  readonly overruled: number
  /** Of these: verdicts it turned away from the model's own choice. */
  readonly turned: number
  /** Of those turned: the right ones. */
  readonly turned_right: number
}

/** The output of `trivium evaluate --json`. */
export interface Evaluation {
  readonly rows: number
  readonly accuracy: number
  readonly macro_f1: number
  readonly classes: Readonly<Record<PromptClass, ClassFigures>>
  /** `confusion[label][verdict]`: counts. */
  readonly confusion: Readonly<Record<PromptClass, Readonly<Record<PromptClass, number>>>>
  readonly by_source: Readonly<Record<string, GroupFigures>>
  readonly by_language: Readonly<Record<string, GroupFigures>>
  /** Expected calibration error over ten bands. */
  readonly ece: number
  readonly bands: readonly Band[]
  readonly confident: { readonly from: number; readonly coverage: number; readonly precision: number }
  readonly abstained: number
  readonly microseconds: { readonly p50: number; readonly p99: number }
  /** Every rule, in the order of the rule book. */
  readonly rules: readonly RuleFigures[]
  readonly rules_version: string
  readonly weights_version: string
}

interface Judged {
  readonly label: PromptClass
  readonly source: string
  readonly lang: string
  readonly verdict: Verdict
}

const CONFIDENT = 0.9
const BANDS = 10
/** Decisions before timing starts, while the JIT compiler warms up. */
const WARM_UP = 3_000

/**
 * Judges every prompt. `rules` are the classifier's; `elapsed` is a clock in milliseconds. The classifier
 * must not cache judgements.
 */
export function evaluate(
  classifier: Classifier,
  prompts: readonly LabelledPrompt[],
  rules: readonly Rule[],
  elapsed: () => number,
): Evaluation {
  for (let run = 0; run < WARM_UP; run += 1)
    classifier.classify(prompts[run % prompts.length]?.messages ?? [])
  const times = new Float64Array(prompts.length)
  const judged = prompts.map(({ messages, label, source, lang }, index): Judged => {
    const start = elapsed()
    const verdict = classifier.classify(messages)
    times[index] = (elapsed() - start) * 1_000
    return { label, source, lang, verdict }
  })
  times.sort()
  const confident = judged.filter(({ verdict }) => verdict.confidence >= CONFIDENT)
  const bands = bandsOf(judged)
  return {
    rows: judged.length,
    accuracy: accuracyOf(judged),
    macro_f1: macroF1(judged),
    classes: perClass((promptClass) => classFigures(judged, promptClass)),
    confusion: perClass((label) =>
      perClass((found) => judged.filter((row) => row.label === label && row.verdict.class === found).length),
    ),
    by_source: groupsOf(judged, (row) => row.source),
    by_language: groupsOf(judged, (row) => row.lang),
    ece:
      bands.reduce((sum, band) => sum + band.rows * Math.abs(band.accuracy - band.confidence), 0) /
      Math.max(1, judged.length),
    bands,
    confident: {
      from: CONFIDENT,
      coverage: confident.length / Math.max(1, judged.length),
      precision: accuracyOf(confident),
    },
    abstained: judged.filter(({ verdict }) => verdict.cause === 'abstained').length,
    microseconds: { p50: quantile(times, 0.5), p99: quantile(times, 0.99) },
    rules: rules.map((rule) => ruleFigures(rule, judged)),
    rules_version: classifier.rulesVersion,
    weights_version: classifier.weightsVersion,
  }
}

function perClass<T>(figure: (promptClass: PromptClass) => T): Record<PromptClass, T> {
  const [stem, fact, language] = PROMPT_CLASSES
  return { [stem]: figure(stem), [fact]: figure(fact), [language]: figure(language) }
}

function classFigures(judged: readonly Judged[], promptClass: PromptClass): ClassFigures {
  let right = 0
  let found = 0
  let rows = 0
  for (const { label, verdict } of judged) {
    if (verdict.class === promptClass) found += 1
    if (label === promptClass) rows += 1
    if (verdict.class === promptClass && label === promptClass) right += 1
  }
  const precision = found === 0 ? 0 : right / found
  const recall = rows === 0 ? 0 : right / rows
  return { precision, recall, f1: right === 0 ? 0 : (2 * precision * recall) / (precision + recall), rows }
}

function ruleFigures(rule: Rule, judged: readonly Judged[]): RuleFigures {
  const fired = judged.filter(({ verdict }) => verdict.evidence.rules.some(({ id }) => id === rule.id))
  const turned = fired.filter(({ verdict }) => verdict.cause === `rule:${rule.id}`)
  return {
    id: rule.id,
    class: rule.class,
    weight: rule.weight,
    fired: fired.length,
    right: fired.filter(({ label }) => label === rule.class).length,
    overruled: fired.filter(({ verdict }) => verdict.class !== rule.class).length,
    turned: turned.length,
    turned_right: turned.filter(({ label, verdict }) => label === verdict.class).length,
  }
}

function macroF1(judged: readonly Judged[]): number {
  const figures = PROMPT_CLASSES.map((promptClass) => classFigures(judged, promptClass)).filter(
    ({ rows }) => rows > 0,
  )
  return figures.reduce((sum, { f1 }) => sum + f1, 0) / Math.max(1, figures.length)
}

function accuracyOf(judged: readonly Judged[]): number {
  const right = judged.filter(({ label, verdict }) => label === verdict.class).length
  return judged.length === 0 ? 0 : right / judged.length
}

function groupsOf(judged: readonly Judged[], nameOf: (row: Judged) => string): Record<string, GroupFigures> {
  const groups = Object.entries(Object.groupBy(judged, nameOf)).map(
    ([name, rows = []]): [string, GroupFigures] => [
      name,
      { rows: rows.length, accuracy: accuracyOf(rows), macro_f1: macroF1(rows) },
    ],
  )
  return Object.fromEntries(groups.sort(([, a], [, b]) => b.rows - a.rows))
}

function bandsOf(judged: readonly Judged[]): readonly Band[] {
  const bands = Array.from({ length: BANDS }, () => ({ rows: 0, confidence: 0, right: 0 }))
  for (const { label, verdict } of judged) {
    const band = bands[Math.min(BANDS - 1, Math.floor(verdict.confidence * BANDS))]
    if (!band) continue
    band.rows += 1
    band.confidence += verdict.confidence
    if (label === verdict.class) band.right += 1
  }
  return bands.map(({ rows, confidence, right }, index) => ({
    from: index / BANDS,
    rows,
    confidence: rows === 0 ? 0 : confidence / rows,
    accuracy: rows === 0 ? 0 : right / rows,
  }))
}

/** The smallest value that at least a share `q` of the sorted values does not exceed. */
function quantile(sorted: Float64Array, q: number): number {
  return sorted[Math.min(sorted.length - 1, Math.ceil(q * sorted.length) - 1)] ?? 0
}
