import { formatUsd, fromUsd } from '../../base/money.ts'
import { PROMPT_CLASSES } from '../../base/prompt-class.ts'
import type { PlayedScenario } from './columns.ts'
import { type House, TEAMS } from './house.ts'
import { type Played, POCKET_GROUP } from './play.ts'
import { total } from './report.ts'
import { isServed } from './shown-line.ts'

/**
 * Checks the demo's promises: each line names an expectation that was not met. Empty: all met. An empty
 * answer is a failure, except when the budget is so low that its cap ends a model's reasoning before the
 * first word.
 */
export function surprises(
  played: readonly Played[],
  entries: readonly PlayedScenario[],
  billed: number,
): readonly string[] {
  const served = entries.filter(({ line }) => isServed(line))
  const missing = PROMPT_CLASSES.filter((each) => !served.some(({ line }) => line.class === each))
  const last = played.at(-1)
  const cost = total(entries.map(({ line }) => line.cost_nusd))
  return [
    ...played.flatMap((each) =>
      surpriseOf(
        each,
        entries.find(({ line }) => line.id === each.id),
      ),
    ),
    ...missing.map((each) => `no request was ${each}`),
    ...(last?.code === 'insufficient_quota' ? [] : [`the pocket team’s budget never refused`]),
    ...(spentBy('pocket', entries) <= fromUsd(TEAMS.pocket.usd) ? [] : ['the pocket team overspent']),
    ...(cost === billed ? [] : [`the ledger sums to ${cost} nano-dollars, the simulator billed ${billed}`]),
  ]
}

function surpriseOf(
  { scenario, status, code, model, words }: Played,
  entry: PlayedScenario | undefined,
): readonly string[] {
  const { prompt, group, expected = {} } = scenario
  const name = JSON.stringify(prompt)
  if (entry === undefined) return [`${name} has no row in the ledger`]
  if (status !== 200) {
    return group === POCKET_GROUP && code === 'insufficient_quota'
      ? []
      : [`${name} was refused: ${status} ${code}`]
  }
  const { line } = entry
  const found: string[] = []
  if (words === '' && group !== POCKET_GROUP) found.push(`${name} had no answer`)
  if (model !== line.target) found.push(`${name}: the header says ${model}, the ledger ${line.target}`)
  if (expected.model !== undefined && model !== expected.model) found.push(`${name} went to ${model}`)
  if (expected.notModel !== undefined && model === expected.notModel) found.push(`${name} went to ${model}`)
  if (expected.cause !== undefined && line.cause !== expected.cause)
    found.push(`${name}: cause ${line.cause}`)
  if (expected.adapted === true && line.adapted === null) found.push(`${name} was not adapted`)
  return found
}

/** The sums that prove that nothing was lost and no budget was overspent. */
export function proof(house: House, entries: readonly PlayedScenario[]): readonly string[] {
  const cost = formatUsd(total(entries.map(({ line }) => line.cost_nusd)))
  const billed = (house.simulator.billedNanoUsd() / 1e9).toFixed(9)
  const spent = formatUsd(spentBy('pocket', entries))
  return [
    `The ledger’s ${entries.length} rows sum to $${cost}; the simulator billed $${billed}.`,
    `Team pocket spent $${spent} of its $${formatUsd(fromUsd(TEAMS.pocket.usd))} and was then refused: no overspend.`,
  ]
}

function spentBy(team: string, entries: readonly PlayedScenario[]) {
  return total(entries.filter(({ line }) => line.team === team).map(({ line }) => line.cost_nusd))
}
