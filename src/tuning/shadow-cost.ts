import { parseKept } from '../capture/kept-prompt.ts'
import { firstInLine, isPast, type Routing } from './replay/rerouting.ts'
import { sameTokensOn } from './replay/same-tokens.ts'
import type { CostAs } from './shadow-report.ts'

/** By the model a request would have gone to; if its needs were not kept, by the first of the class. */
export function costsBy(routing: Routing): CostAs {
  return (row, promptClass) => {
    const kept = row.prompt === null ? undefined : parseKept(row.prompt)
    const target =
      kept === undefined
        ? (routing.routes[promptClass].find((each) => !isPast(each, row.at)) ??
          routing.routes[promptClass][0])
        : firstInLine(routing, row, promptClass, kept)
    const { cost_nusd: cost } = row
    if (cost !== null && target?.model === row.target) return { cost, newCost: cost }
    return sameTokensOn(row, target, routing.prices)
  }
}
