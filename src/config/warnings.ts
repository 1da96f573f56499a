import { DAY } from '../base/durations.ts'
import { PROMPT_CLASSES } from '../base/prompt-class.ts'
import type { Runtime } from '../flow/runtime.ts'
import type { Problem } from './file/config-error.ts'
import type { KeyPath } from './file/key-path.ts'
import type { Config } from './load.ts'
import { isLoopback } from './schema/address.ts'
import type { TeamSettings } from './schema/team-schema.ts'
import { formatDate } from './schema/units.ts'

/** So far some vendor has changed a price in every quarter. */
const PRICES_STALE_DAYS = 90
/** Tries are limited by address, and whoever wants to guess may have many. */
const ADMIN_TOKEN_LEAST = 16

type Report = (path: KeyPath, message: string) => void
type NamedTeam = readonly [name: string, team: TeamSettings]

/** Settings that work but are probably not intended. `now` is milliseconds since the epoch. */
export function warningsOf(config: Config, runtime: Runtime, now: number): readonly Problem[] {
  const warnings: Problem[] = []
  const report: Report = (path, message) => warnings.push(config.problemAt(path, message))
  warnOfShutdowns(config, runtime, now, report)
  warnOfSilence(runtime, report)
  warnOfShortToken(config, report)
  const teams = Object.entries(config.settings.teams)
  if (teams.length === 0) report([], 'no teams, so every request is refused')
  for (const team of teams) {
    warnOfRoutes(team, runtime, now, report)
    if (config.settings.auth === 'keys') warnOfKeys(team, now, report)
  }
  const age = Math.floor((now - config.pricesChecked) / DAY)
  if (age > PRICES_STALE_DAYS) {
    const message = `prices were last compared with the vendors’ pages ${age} days ago`
    warnings.push({ file: config.files.models, line: undefined, path: 'checked', message })
  }
  return warnings
}

function warnOfShortToken({ settings: { server } }: Config, report: Report): void {
  const { length } = server.admin_token
  if (length === 0 || length >= ADMIN_TOKEN_LEAST || isLoopback(server.admin.host)) return
  report(
    ['server', 'admin_token'],
    `shorter than ${ADMIN_TOKEN_LEAST} characters, and the admin plane listens beyond this machine: it can be guessed`,
  )
}

/**
 * Embedding and image models may be configured for their own endpoints, but no chat request ever reaches
 * them.
 */
function warnOfSilence(runtime: Runtime, report: Report): void {
  for (const name of PROMPT_CLASSES) {
    runtime.routes[name].forEach(({ model, onlyFor }, index) => {
      if (onlyFor?.length === 0)
        report(['routes', name, index], `${model} does not serve chat requests, so it is never used here`)
    })
  }
}

function warnOfShutdowns(config: Config, runtime: Runtime, now: number, report: Report): void {
  for (const name of PROMPT_CLASSES) {
    runtime.routes[name].forEach(({ model, shutdownAt }, index) => {
      if (shutdownAt === undefined) return
      const days = Math.ceil((shutdownAt - now) / DAY)
      if (shutdownAt - now > config.settings.lifecycle.warn_ahead) return
      const when = days > 0 ? `leaves the vendor’s API in ${days} days, on` : 'left the vendor’s API on'
      const successor = successorOf(model, config, now)
      const next = successor === undefined ? '' : `; the vendor’s successor is ${successor}`
      report(['routes', name, index], `${model} ${when} ${formatDate(shutdownAt)}${next}`)
    })
  }
}

/** The vendor's successor of a model; if that one has been retired too, its own successor. */
function successorOf(model: string, config: Config, now: number): string | undefined {
  const seen = new Set<string>()
  let next = config.models.get(model)?.replacedBy
  while (next !== undefined && !seen.has(next)) {
    seen.add(next)
    const known = config.models.get(next)
    if (known?.shutdownAt === undefined || known.shutdownAt > now) return next
    next = known.replacedBy
  }
  return next
}

function warnOfRoutes([name, team]: NamedTeam, runtime: Runtime, now: number, report: Report): void {
  const allowed = (model: string) => team.models?.includes(model) ?? true
  const budgeted = team.budgets.length > 0 || team.keys.some(({ budgets }) => budgets.length > 0)
  const unpriced = new Set<string>()
  for (const route of PROMPT_CLASSES) {
    const models = runtime.routes[route].map(({ model }) => model).filter(allowed)
    if (models.length === 0) report(['teams', name, 'models'], `allows no model of route ${route}`)
    for (const model of models) {
      if (runtime.prices.priceOf(model, now) === undefined) unpriced.add(model)
    }
  }
  if (!budgeted) return
  for (const model of unpriced) {
    report(['teams', name, 'budgets'], `${model} has no price, so it is never used where a budget applies`)
  }
}

function warnOfKeys([name, team]: NamedTeam, now: number, report: Report): void {
  if (team.keys.length === 0) {
    report(['teams', name], `has no key; create one with: trivium keys create --team ${name}`)
  }
  team.keys.forEach(({ id, expires }, index) => {
    if (expires === undefined || expires > now) return
    report(['teams', name, 'keys', index, 'expires'], `key ${id} expired on ${formatDate(expires)}`)
  })
}
