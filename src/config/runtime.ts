import { PROMPT_CLASSES, type PromptClass } from '../base/prompt-class.ts'
import type { Target } from '../base/target.ts'
import type { Budget } from '../budget/budget.ts'
import { compileRedaction } from '../capture/redaction.ts'
import type { Runtime } from '../flow/runtime.ts'
import type { Key } from '../flow/team.ts'
import { createPriceBook } from '../pricing/price-book.ts'
import { inTurn } from '../routing/lanes.ts'
import { ConfigError, type Problem } from './file/config-error.ts'
import type { KeyPath } from './file/key-path.ts'
import { suggest } from './file/nearest.ts'
import type { Config } from './load.ts'
import { isLoopback } from './schema/address.ts'
import { compileTargets, firstTargets, ownerOf } from './targets.ts'
import { compileKey, compileTeam, passthroughKey } from './teams.ts'

type Report = (path: KeyPath, message: string) => void

/**
 * Compiles a configuration into what the request path reads: names resolved, keys indexed, prices dated.
 * Throws a ConfigError with every contradiction, so that contradictions surface here and not in a request.
 */
export function compileRuntime(
  config: Config,
  classifier: Runtime['classifier'],
  shadow?: Runtime['shadow'],
): Runtime {
  const { settings } = config
  const { lanesByModel, targets, routes, keys, budgets } = resolveNames(config)
  return {
    auth: settings.auth,
    keyOf: (sha256) => keys.get(sha256),
    budgets,
    passthroughKey: passthroughKey(settings.teams.default, settings.capture.prompts),
    classifier,
    shadow,
    routes,
    targets,
    placesOf: (target, key) => {
      const lanes = lanesByModel.get(target.model)
      return lanes === undefined || lanes.length < 2 ? [target] : inTurn(lanes, key)
    },
    firstUpstream: Object.keys(settings.upstreams)[0] ?? '',
    prices: createPriceBook([...config.models.values()].flatMap(({ prices }) => prices)),
    retriesOf: (upstream) => settings.upstreams[ownerOf(upstream)]?.retries ?? 0,
    totalTimeoutOf: (upstream) => settings.upstreams[ownerOf(upstream)]?.timeouts.total ?? 0,
    redact: compileRedaction(settings.capture.redact),
  }
}

/**
 * Throws a ConfigError if the configuration contradicts itself, as `compileRuntime` does, without reading rules and
 * weights, which takes far longer.
 */
export function checkContradictions(config: Config): void {
  resolveNames(config)
}

function resolveNames(config: Config) {
  const { settings } = config
  const problems: Problem[] = []
  const report: Report = (path, message) => problems.push(config.problemAt(path, message))
  const lanesByModel = compileTargets(config, report)
  const targets = firstTargets(lanesByModel)
  const routes = compileRoutes(config, targets, report)
  const { keys, budgets } = compileTeams(config, targets, report)
  checkListeners(config, report)
  if (settings.auth === 'passthrough' && settings.teams.default === undefined) {
    report(['auth'], 'passthrough needs a team "default", which pays for every request')
  }
  if (problems.length > 0) throw new ConfigError(problems)
  return { lanesByModel, targets, routes, keys, budgets }
}

function compileRoutes(
  config: Config,
  targets: ReadonlyMap<string, Target>,
  report: Report,
): Runtime['routes'] {
  const route = (name: PromptClass): readonly Target[] =>
    config.settings.routes[name].flatMap((model, index) => {
      const target = targets.get(model)
      if (target !== undefined) return [target]
      report(['routes', name, index], unknownModel(config, model))
      return []
    })
  const [stem, fact, language] = PROMPT_CLASSES
  return { [stem]: route(stem), [fact]: route(fact), [language]: route(language) }
}

function unknownModel(config: Config, name: string): string {
  const model = config.models.get(name)
  return model === undefined
    ? `unknown model "${name}"${suggest(name, config.models.keys())}`
    : `model "${name}" is served by upstream "${model.upstream}", which is not configured`
}

function compileTeams(
  config: Config,
  targets: ReadonlyMap<string, Target>,
  report: Report,
): { readonly keys: ReadonlyMap<string, Key>; readonly budgets: readonly Budget[] } {
  const keys = new Map<string, Key>()
  const budgets: Budget[] = []
  for (const [name, settings] of Object.entries(config.settings.teams)) {
    const team = compileTeam(name, settings, config.settings.capture.prompts)
    budgets.push(...team.budgets)
    settings.models?.forEach((model, index) => {
      if (!targets.has(model)) report(['teams', name, 'models', index], unknownModel(config, model))
    })
    settings.keys.forEach((settingsOfKey, index) => {
      const key = compileKey(team, settingsOfKey, settings.alert_at)
      budgets.push(...key.budgets)
      const add = (sha256: string, known: Key, path: KeyPath) => {
        const holder = keys.get(sha256)
        if (holder === undefined) keys.set(sha256, known)
        else
          report(['teams', name, 'keys', index, ...path], `the same key as ${holder.team.name}/${holder.id}`)
      }
      const { sha256, previous } = settingsOfKey
      add(sha256, key, ['sha256'])
      // The same key under its previous secret: same budget, same limits.
      if (previous !== undefined) {
        const ends = Math.min(previous.expires, key.expiresAt ?? previous.expires)
        add(previous.sha256, { ...key, expiresAt: ends }, ['previous', 'sha256'])
      }
    })
  }
  return { keys, budgets }
}

function checkListeners({ settings: { server } }: Config, report: Report): void {
  const { listen, admin } = server
  if (server.admin_token === '' && !isLoopback(admin.host)) {
    report(['server', 'admin'], 'listens beyond this machine, so admin_token must be set')
  }
  if (listen.port !== 0 && listen.port === admin.port && listen.host === admin.host) {
    report(['server', 'admin'], 'the same address as listen')
  }
}
