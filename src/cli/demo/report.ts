import { add, formatUsd, type NanoUsd, nanoUsd, subtract, ZERO } from '../../base/money.ts'
import type { Palette } from './paint.ts'
import type { Scenario } from './scenarios.ts'
import { isServed, type ShownLine } from './shown-line.ts'
import { type Column, Table } from './table.ts'
import { reasonText } from './why.ts'

/** A request of the demo beside its row in the ledger. */
export interface Entry {
  readonly scenario: Scenario
  readonly line: ShownLine
}

/** Widest table that is still read line by line, and the narrowest that holds its columns. */
const WIDEST = 140
const NARROWEST = 100

/** The table of all requests by group, then what was saved. Lines without line ends. */
export function report(entries: readonly Entry[], columns: number, palette: Palette): readonly string[] {
  const table = new Table(columnsOf(palette), Math.min(WIDEST, Math.max(NARROWEST, columns)))
  const lines = [palette.title(table.head()), palette.faint('─'.repeat(table.width))]
  let group = ''
  for (const entry of entries) {
    if (entry.scenario.group !== group) {
      group = entry.scenario.group
      if (lines.length > 2) lines.push('')
      lines.push(palette.faint(group))
    }
    lines.push(table.line(entry))
  }
  return [...lines, palette.faint('─'.repeat(table.width)), ...savings(entries, palette)]
}

function columnsOf(palette: Palette): readonly Column<Entry>[] {
  const faintly = (text: string) => ({ text, paint: palette.faint })
  return [
    { title: 'prompt (≈ streamed)', width: 'rest', cell: ({ scenario }) => ({ text: promptText(scenario) }) },
    {
      title: 'class',
      width: 14,
      cell: ({ line }) =>
        line.class === null ? faintly('–') : { text: line.class, paint: palette.byClass[line.class] },
    },
    {
      title: 'conf',
      width: 4,
      align: 'right',
      cell: ({ line }) => (line.confidence === null ? faintly('–') : { text: line.confidence.toFixed(2) }),
    },
    {
      title: 'model',
      width: 11,
      cell: ({ line }) =>
        isServed(line) ? { text: line.target ?? '–' } : { text: 'refused', paint: palette.refused },
    },
    { title: 'why', width: 18, cell: ({ scenario, line }) => faintly(reasonText(scenario, line)) },
    { title: 'tokens', width: 6, align: 'right', cell: ({ line }) => ({ text: tokenText(line) }) },
    {
      title: 'cost',
      width: 9,
      align: 'right',
      cell: ({ line }) => ({ text: moneyText(line, line.cost_nusd) }),
    },
    {
      title: 'on gpt-4o',
      width: 9,
      align: 'right',
      cell: ({ line }) => ({ text: moneyText(line, line.baseline_nusd) }),
    },
  ]
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

/** Six places: a thousandth of a cent is what these answers cost. */
export function money(amount: NanoUsd): string {
  return `$${formatUsd(nanoUsd(Math.round(amount / 1000) * 1000)).slice(0, -3)}`
}

export function total(amounts: readonly (number | null)[]): NanoUsd {
  return amounts.reduce((sum: NanoUsd, amount) => add(sum, nanoUsd(amount ?? 0)), ZERO)
}

function savings(entries: readonly Entry[], palette: Palette): readonly string[] {
  const served = entries.map(({ line }) => line).filter(isServed)
  const cost = total(served.map((line) => line.cost_nusd))
  const baseline = total(served.map((line) => line.baseline_nusd))
  const saved = subtract(baseline, cost)
  const percent = baseline === 0 ? 0 : Math.round((100 * saved) / baseline)
  return [
    `${served.length} requests answered for ${money(cost)}; the same tokens on gpt-4o cost ${money(baseline)}.`,
    palette.good(`Saved ${money(saved)}, ${percent} %.`),
  ]
}
