import { add, type NanoUsd, nanoUsd, subtract, ZERO } from '../../base/money.ts'
import { columnsFor, money, type PlayedScenario } from './columns.ts'
import type { Palette } from './paint.ts'
import { isServed } from './shown-line.ts'
import { Table } from './table.ts'
import { wrap } from './text-width.ts'

/** The widest table whose lines are still easy to follow, and the narrowest that fits its columns. */
const WIDEST = 140
const NARROWEST = 48

/** The width of the report on a terminal with this many columns. */
export function widthOn(columns: number): number {
  return Math.min(WIDEST, Math.max(NARROWEST, columns))
}

/** The table of all requests by group, then the savings. Lines come without line endings. */
export function report(
  entries: readonly PlayedScenario[],
  columns: number,
  palette: Palette,
): readonly string[] {
  const width = widthOn(columns)
  const table = new Table(columnsFor(width, palette), width)
  const lines = [palette.title(table.head()), palette.faint('─'.repeat(table.width))]
  let group = ''
  for (const entry of entries) {
    if (entry.scenario.group !== group) {
      group = entry.scenario.group
      if (lines.length > 2) lines.push('')
      lines.push(...wrap(group, width).map(palette.faint))
    }
    lines.push(table.line(entry))
  }
  return [...lines, palette.faint('─'.repeat(table.width)), ...savings(entries, width, palette)]
}

/** The sum of what is known; unknown amounts count as nothing. */
export function total(amounts: readonly (number | null)[]): NanoUsd {
  return amounts.reduce((sum: NanoUsd, amount) => add(sum, nanoUsd(amount ?? 0)), ZERO)
}

function savings(entries: readonly PlayedScenario[], width: number, palette: Palette): readonly string[] {
  const served = entries.map(({ line }) => line).filter(isServed)
  const cost = total(served.map((line) => line.cost_nusd))
  const baseline = total(served.map((line) => line.baseline_nusd))
  const saved = subtract(baseline, cost)
  const percent = baseline === 0 ? 0 : Math.round((100 * saved) / baseline)
  return [
    ...wrap(
      `${served.length} requests answered for ${money(cost)}; the same tokens on gpt-4o cost ${money(baseline)}.`,
      width,
    ),
    palette.good(`Saved ${money(saved)}, ${percent} %.`),
  ]
}
