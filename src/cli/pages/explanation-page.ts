import { PROMPT_CLASSES } from '../../base/prompt-class.ts'
import { type Explanation, strongestPulls } from '../../classifier/explanation.ts'
import { sumOf, weightOf } from '../../classifier/rules.ts'
import type { PerClass } from '../../classifier/verdict.ts'
import { bar, emphasise } from '../terminal/figures.ts'
import { printable } from '../terminal/printable.ts'

const SHOWN_TEXT = 240
const SHOWN_PULLS = 10

/** A verdict for a reviewer: what was read, the decision, and the reasons for it. */
export function explanationPage(explanation: Explanation, colour: boolean): string {
  const { verdict, rules, text } = explanation
  const { read, turnsBack } = verdict.evidence
  const lines = [
    `${emphasise(verdict.class, colour)}  ${percent(verdict.confidence)} sure, because ${causeText(explanation)}`,
    '',
  ]
  for (const [index, name] of PROMPT_CLASSES.entries()) {
    const probability = verdict.probabilities[index] ?? 0
    lines.push(`  ${name.padEnd(15)} ${bar(probability, 30)} ${percent(probability)}`)
  }
  const from = turnsBack === 0 ? '' : `, from ${turnsBack} turn${turnsBack === 1 ? '' : 's'} back`
  lines.push('', `Read ${read.scored} of ${read.of} characters${from}:`, `  ${shortened(text)}`, '')
  if (rules.length > 0) lines.push('Rules that fired:')
  for (const rule of rules) {
    lines.push(`  ${signed(weightOf(rule))} ${rule.class.padEnd(15)} ${rule.id}: ${rule.reason}`)
  }
  lines.push(
    ...(rules.length > 0 ? [''] : []),
    `What pulled the model towards (+) ${verdict.class} or away (-):`,
  )
  for (const { feature, pull } of strongestPulls(explanation, SHOWN_PULLS)) {
    lines.push(`  ${signed(pull)} ${bar(Math.abs(pull), 12)} ${printable(feature)}`)
  }
  lines.push('', ...sumsOf(explanation))
  lines.push('', `rules ${explanation.rulesVersion} · weights ${explanation.weightsVersion}`, '')
  return lines.join('\n')
}

/**
 * How the verdict adds up: log-odds per line for the three classes. The total, divided by the temperature,
 * gives the probabilities.
 */
function sumsOf(explanation: Explanation): readonly string[] {
  const { bias, rules, features, temperature, verdict } = explanation
  const words = features.reduce<PerClass>(
    (sum, { logOdds }) => [sum[0] + logOdds[0], sum[1] + logOdds[1], sum[2] + logOdds[2]],
    [0, 0, 0],
  )
  const row = (name: string, figures: PerClass) =>
    `  ${name.padEnd(26)}${figures.map((figure) => signed(figure).padStart(16)).join('')}`
  return [
    `How it adds up${' '.repeat(14)}${PROMPT_CLASSES.map((name) => name.padStart(16)).join('')}`,
    row('bias', bias),
    row(rules.length === 1 ? '1 rule' : `${rules.length} rules`, sumOf(rules)),
    row(`${features.length} words, letters, shapes`, words),
    row(`sum, at temperature ${temperature.toFixed(2)}`, verdict.evidence.logits),
  ]
}

function causeText({ verdict, rules }: Explanation): string {
  if (verdict.cause === 'abstained') return 'no class was likely enough (abstained)'
  if (verdict.cause === 'inherited') return 'the newest turn continues an earlier ask (inherited)'
  if (verdict.cause === 'model') {
    const agree = rules.some((rule) => rule.class === verdict.class && rule.weight > 0)
    return agree ? 'the model says so, and rules agree' : 'the model says so'
  }
  const rule = rules.find(({ id }) => verdict.cause === `rule:${id}`)
  return `of ${verdict.cause}${rule === undefined ? '' : ` (${rule.reason})`}`
}

function shortened(text: string): string {
  const line = printable(text.replace(/\s+/g, ' ').trim())
  return line.length <= SHOWN_TEXT
    ? line
    : `${line.slice(0, SHOWN_TEXT / 2)} … ${line.slice(-SHOWN_TEXT / 2)}`
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`.padStart(7)
}

function signed(amount: number): string {
  return `${amount < 0 ? '-' : '+'}${Math.abs(amount).toFixed(2)}`.padStart(7)
}
