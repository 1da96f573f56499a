import { PROMPT_CLASSES, type PromptClass } from '../../base/prompt-class.ts'
import type { Evaluation, GroupFigures, RuleFigures } from '../../tuning/evaluate.ts'
import { bar, emphasise } from '../terminal/figures.ts'

/** All figures of an evaluation, for a terminal of 120 columns. */
export function evaluationPage(figures: Evaluation, colour: boolean): string {
  const head = (text: string) => ['', emphasise(text, colour)]
  return [
    `${figures.rows} prompts · macro-F1 ${emphasise(figures.macro_f1.toFixed(4), colour)} · accuracy ${figures.accuracy.toFixed(4)} · ECE ${figures.ece.toFixed(4)}`,
    `confidence ≥ ${figures.confident.from}: covers ${percent(figures.confident.coverage)} at precision ${percent(figures.confident.precision)} · ${figures.abstained} abstained`,
    `time per decision: p50 ${figures.microseconds.p50.toFixed(1)} µs · p99 ${figures.microseconds.p99.toFixed(1)} µs`,
    ...head(`${'class'.padEnd(18)}precision  recall      F1    rows`),
    ...PROMPT_CLASSES.map((name) => {
      const { precision, recall, f1, rows } = figures.classes[name]
      const cells = [precision, recall, f1].map((figure) => figure.toFixed(3).padStart(8)).join('')
      return `${name.padEnd(18)}${cells}${String(rows).padStart(8)}`
    }),
    ...head(`${'labelled ↓ judged →'.padEnd(22)}${PROMPT_CLASSES.map((name) => name.padStart(18)).join('')}`),
    ...PROMPT_CLASSES.map(
      (name) => name.padEnd(22) + PROMPT_CLASSES.map((found) => cellOf(figures, name, found)).join(''),
    ),
    ...head(
      `${'confidence'.padEnd(14)}${'said'.padStart(8)}${'right'.padStart(9)}    rows    right █, said ┃`,
    ),
    ...figures.bands
      .filter(({ rows }) => rows > 0)
      .map(({ from, rows, confidence, accuracy }) => {
        const name = `${from.toFixed(1)} – ${(from + 0.1).toFixed(1)}`
        return `${name.padEnd(14)}${percent(confidence).padStart(8)}${percent(accuracy).padStart(9)}${String(rows).padStart(8)}    ${markedBar(accuracy, confidence)}`
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

/** A count, shaded by its share of the prompts with the same label. */
function cellOf({ confusion, classes }: Evaluation, label: PromptClass, found: PromptClass): string {
  const count = confusion[label][found]
  const share = classes[label].rows === 0 ? 0 : count / classes[label].rows
  const shade =
    count === 0 ? ' ' : (SHADES[Math.min(SHADES.length - 1, Math.floor(share * SHADES.length))] ?? '')
  return `${String(count).padStart(9)} ${percent(share).padStart(7)}${shade}`
}

const SHADES = ['░', '▒', '▓', '█']
const PLOT_WIDTH = 50

/** A bar for the share that is right, with a mark where it should end. */
function markedBar(right: number, said: number): string {
  const cells = [...bar(right, PLOT_WIDTH)]
  cells[Math.min(PLOT_WIDTH - 1, Math.round(said * PLOT_WIDTH))] = '┃'
  return cells.join('')
}

/** What each rule did; rules that did nothing come first. */
export function rulesPage({ rules, rows }: Evaluation, colour: boolean): string {
  const never = rules.filter(({ fired }) => fired === 0)
  const overruled = rules.filter(({ fired, overruled }) => fired > 0 && overruled === fired)
  const names = (list: readonly RuleFigures[]) =>
    list.length === 0 ? 'none' : list.map(({ id }) => id).join(', ')
  return [
    `${rules.length} rules on ${rows} prompts`,
    `never fire: ${names(never)}`,
    `always overruled: ${names(overruled)}`,
    '',
    emphasise(
      `${'rule'.padEnd(28)}${'class'.padEnd(16)}weight   fired   right  overruled   turned   of these right`,
      colour,
    ),
    ...rules
      .toSorted((a, b) => b.fired - a.fired)
      .map(
        (rule) =>
          `${rule.id.padEnd(28)}${rule.class.padEnd(16)}${rule.weight.toFixed(1).padStart(6)}${String(rule.fired).padStart(8)}${shareOf(rule.right, rule.fired)}${shareOf(rule.overruled, rule.fired).padStart(11)}${String(rule.turned).padStart(9)}${shareOf(rule.turned_right, rule.turned).padStart(17)}`,
      ),
    '',
  ].join('\n')
}

function shareOf(part: number, whole: number): string {
  return (whole === 0 ? '–' : `${Math.round((100 * part) / whole)} %`).padStart(8)
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`
}
