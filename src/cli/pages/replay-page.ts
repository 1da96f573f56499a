import { formatUsd, nanoUsd } from '../../base/money.ts'
import { UNKNOWNS } from '../../classifier/recording/replay.ts'
import type { Comparison } from '../../tuning/compare.ts'
import type { Move } from '../../tuning/replay/moves.ts'
import type { ReplayReport } from '../../tuning/replay/replay.ts'
import type { Missing } from '../../tuning/replay/verdict-again.ts'
import { formatTable } from '../terminal/table.ts'

/** Why rows could not be replayed, in words. */
const WHY: Readonly<Record<Missing, string>> = {
  nothing: 'nothing was kept of them (capture: none, or older than capture.retain)',
  features: 'their features are from another version',
  rules: 'the rules look for something new, and only features were kept',
  follow_ups: 'the follow-up patterns differ, and full turns were not kept',
  scaffolding: 'the scaffolding differs, and full turns were not kept',
  beyond: 'the question is in an earlier turn, which was not kept',
  damaged: 'what was kept of them cannot be read',
}

const MISSING: readonly Missing[] = ['nothing', ...UNKNOWNS]

/** The report as a page of 120 columns. */
export function replayPage(report: ReplayReport): string {
  const { rows, replayed, by, identical, same_versions: same, moved, classes, models } = report
  const elsewhere = models.reduce((sum, move) => sum + move.rows, 0)
  const parts = [
    `${replayed} of ${rows} requests decided again by rules ${report.rules_version}, weights ${report.weights_version}`,
    `  from features ${by.features}, from text ${by.text}, from redacted text ${by.redacted}`,
    ...MISSING.flatMap((why) => {
      const count = report.missing[why] ?? 0
      return count === 0 ? [] : [`  not decided again: ${count}, ${WHY[why]}`]
    }),
    `moved to another class: ${moved} (${percent(moved, replayed)}), to another model: ${elsewhere} (${percent(elsewhere, replayed)})`,
    `identical verdicts, confidence included: ${identical}; among rows from these same rules and weights: ${same.identical} of ${same.rows}`,
    '',
  ]
  if (classes.length > 0) parts.push(moveTable('class', classes))
  if (models.length > 0) parts.push(moveTable('first model', models), ...caveats(report))
  if (report.labelled !== null) parts.push(labelledText(report.labelled), '')
  if (report.biggest.length > 0) parts.push(moverTable(report))
  return `${parts.join('\n').trimEnd()}\n`
}

function moveTable(what: string, moves: readonly Move[]): string {
  return formatTable(
    [
      { heading: `${what} from` },
      { heading: 'to' },
      { heading: 'requests', right: true },
      { heading: 'USD', right: true },
      { heading: 'USD then', right: true },
      { heading: 'difference', right: true },
    ],
    moves.map(({ from, to, rows, cost_nusd, new_cost_nusd }) => [
      from,
      to,
      String(rows),
      usd(cost_nusd),
      usd(new_cost_nusd),
      signed(new_cost_nusd - cost_nusd),
    ]),
  )
}

/** Why the same tokens tell only part of what another model would cost. */
function caveats({ caveats }: ReplayReport): readonly string[] {
  const { reasoning_tokens_left, rows_to_reasoning, cached_tokens, unpriced, chosen_by_price } = caveats
  return [
    'costs are for the same tokens at the other model’s price on that day',
    ...(reasoning_tokens_left > 0
      ? [`  ${reasoning_tokens_left} of them were hidden reasoning, which the other model would not produce`]
      : []),
    ...(rows_to_reasoning > 0
      ? [
          `  ${rows_to_reasoning} of the requests would go to a reasoning model, whose reasoning tokens are not counted`,
        ]
      : []),
    ...(cached_tokens > 0
      ? [`  ${cached_tokens} came from a prompt cache, which a change of model loses`]
      : []),
    ...(unpriced > 0 ? [`  ${unpriced} requests have no known cost there`] : []),
    ...(chosen_by_price > 0
      ? [`  ${chosen_by_price} were sent to the cheapest model at that moment; that choice is not replayed`]
      : []),
    '',
  ]
}

function labelledText({ rows, live, candidate, difference, interval, gained, lost }: Comparison): string {
  const points = (share: number) => `${share < 0 ? '' : '+'}${(share * 100).toFixed(1)}`
  return `labelled ${rows}: right before ${(live * 100).toFixed(1)} %, now ${(candidate * 100).toFixed(1)} %; ${points(difference)} points (95 %: ${points(interval[0])} to ${points(interval[1])}), ${gained} won, ${lost} lost`
}

function moverTable({ biggest }: ReplayReport): string {
  return formatTable(
    [
      { heading: 'request' },
      { heading: 'class' },
      { heading: 'sure', right: true },
      { heading: 'model' },
      { heading: 'difference', right: true },
    ],
    biggest.map((mover) => [
      mover.id,
      mover.from === mover.to ? mover.to : `${mover.from} → ${mover.to}`,
      mover.new_confidence.toFixed(2),
      mover.model === mover.new_model ? mover.model : `${mover.model} → ${mover.new_model ?? 'none'}`,
      mover.cost_nusd === null || mover.new_cost_nusd === null
        ? '–'
        : signed(mover.new_cost_nusd - mover.cost_nusd),
    ]),
  )
}

/** Nano-dollars, to the microdollar. */
export function usd(nano: number): string {
  return formatUsd(nanoUsd(nano)).slice(0, -3)
}

function signed(nano: number): string {
  return nano > 0 ? `+${usd(nano)}` : usd(nano)
}

function percent(part: number, whole: number): string {
  return `${((100 * part) / Math.max(1, whole)).toFixed(1)} %`
}
