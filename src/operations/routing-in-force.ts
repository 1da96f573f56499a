import type { Config } from '../config/load.ts'
import { compileRuntime } from '../config/runtime.ts'
import type { Routing } from '../tuning/replay/rerouting.ts'

/** How a configuration routes classes: to which models, at which prices, for which team. */
export function routingOf(config: Config, classifier: Parameters<typeof compileRuntime>[1]): Routing {
  const { routes, targets, placesOf, prices, budgets } = compileRuntime(config, classifier)
  const lists = new Map(
    Object.entries(config.settings.teams).map(([team, { models }]) => [team, models && new Set(models)]),
  )
  const budgeted = new Set(budgets.map(({ team }) => team))
  return {
    routes,
    targets,
    placesOf,
    prices,
    modelsOf: (team) => lists.get(team),
    isBudgeted: (team) => budgeted.has(team),
  }
}
