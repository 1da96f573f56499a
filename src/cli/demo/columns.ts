import { formatUsd, type NanoUsd, nanoUsd } from '../../base/money.ts'
import type { PromptClass } from '../../base/prompt-class.ts'
import type { Palette } from './paint.ts'
import type { Scenario } from './scenarios.ts'
import { isServed, type ShownLine } from './shown-line.ts'
import type { Column } from './table.ts'
import { reasonText } from './why.ts'

/** A request of the demo with its row in the ledger. */
export interface PlayedScenario {
  readonly scenario: Scenario
  readonly line: ShownLine
}

/** Narrower tables drop the less important columns, so that prompts stay readable. */
const ALL_FROM = 112
const FIGURES_FROM = 90
const WHY_FROM = 70

const SHORT: Readonly<Record<PromptClass, string>> = {
  stem_reasoning: 'stem',
  factual_recall: 'factual',
  language_heavy: 'language',
}

/** The columns that fit in a table of this width. */
export function columnsFor(width: number, palette: Palette): readonly Column<PlayedScenario>[] {
  const faintly = (text: string) => ({ text, paint: palette.faint })
  const classColumn: Column<PlayedScenario> = {
    title: 'class',
    width: width >= ALL_FROM ? 14 : 8,
    cell({ line }) {
      if (line.class === null) return faintly('–')
      const text = width >= ALL_FROM ? line.class : SHORT[line.class]
      return { text, paint: palette.byClass[line.class] }
    },
  }
  const confidence: Column<PlayedScenario> = {
    title: 'conf',
    width: 4,
    align: 'right',
    cell: ({ line }) => (line.confidence === null ? faintly('–') : { text: line.confidence.toFixed(2) }),
  }
  const model: Column<PlayedScenario> = {
    title: 'model',
    width: 11,
    cell: ({ line }) =>
      isServed(line) ? { text: line.target ?? '–' } : { text: 'refused', paint: palette.refused },
  }
  const why: Column<PlayedScenario> = {
    title: 'why',
    width: 18,
    cell: ({ scenario, line }) => faintly(reasonText(scenario, line)),
  }
  const tokens: Column<PlayedScenario> = {
    title: 'tokens',
    width: 6,
    align: 'right',
    cell: ({ line }) => ({ text: tokenText(line) }),
  }
  return [
    { title: 'prompt (≈ streamed)', width: 'rest', cell: ({ scenario }) => ({ text: promptText(scenario) }) },
    classColumn,
    ...(width >= FIGURES_FROM ? [confidence] : []),
    model,
    ...(width >= WHY_FROM ? [why] : []),
    ...(width >= FIGURES_FROM ? [tokens] : []),
    moneyColumn('cost', (line) => line.cost_nusd),
    ...(width >= ALL_FROM ? [moneyColumn('on gpt-4o', (line) => line.baseline_nusd)] : []),
  ]
}

function moneyColumn(title: string, amountOf: (line: ShownLine) => number | null): Column<PlayedScenario> {
  return {
    title,
    width: 9,
    align: 'right',
    cell: ({ line }) => ({ text: moneyText(line, amountOf(line)) }),
  }
}

function promptText({ prompt, stream, mark }: Scenario): string {
  return `${stream === true ? '≈ ' : '  '}${mark === undefined ? '' : `[${mark}] `}${prompt}`
}

function tokenText(line: ShownLine): string {
  if (line.input_tokens === null || line.output_tokens === null || !isServed(line)) return '–'
  return (line.input_tokens + line.output_tokens).toLocaleString('en-US')
}

function moneyText(line: ShownLine, amount: number | null): string {
  return amount === null || !isServed(line) ? '–' : money(nanoUsd(amount))
}

/** Six decimals: these answers cost about a thousandth of a cent. */
export function money(amount: NanoUsd): string {
  return `$${formatUsd(nanoUsd(Math.round(amount / 1000) * 1000)).slice(0, -3)}`
}
