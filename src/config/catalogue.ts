import type { Target } from '../base/target.ts'
import type { DatedPrice } from '../pricing/price-book.ts'
import { priceOfList } from '../pricing/price-list.ts'
import { ConfigError, type Problem } from './config-error.ts'
import { problemAt, type YamlFile } from './document.ts'
import type { ModelEntry } from './model-schema.ts'
import { suggest } from './nearest.ts'

/** A model with every key filled in, whoever serves it. */
export interface Model extends Omit<Target, 'sentModel'> {
  readonly replacedBy: string | undefined
  readonly prices: readonly DatedPrice[]
  /** Whether the configuration itself names it; the others come from the catalogue alone. */
  readonly own: boolean
}

type Entries = Readonly<Record<string, ModelEntry>>
interface Source {
  readonly entries: Entries
  readonly yaml: YamlFile
}

/**
 * Lays the configuration's models over the catalogue's, key by key, and follows `same_as`. Throws a ConfigError that
 * names each model that stays incomplete.
 */
export function mergeModels(catalogue: Source, own: Source): ReadonlyMap<string, Model> {
  const problems: Problem[] = []
  const written = new Map<string, ModelEntry>()
  for (const name of new Set([...Object.keys(catalogue.entries), ...Object.keys(own.entries)])) {
    written.set(name, layer(catalogue.entries[name] ?? {}, own.entries[name] ?? {}))
  }
  const models = new Map<string, Model>()
  for (const name of written.keys()) {
    const yaml = own.entries[name] === undefined ? catalogue.yaml : own.yaml
    const report = (message: string) => problems.push(problemAt(yaml, ['models', name], message))
    const entry = inherit(name, written, report)
    const model = entry && complete(name, entry, own.entries[name] !== undefined, report)
    if (model !== undefined) models.set(name, model)
  }
  if (problems.length > 0) throw new ConfigError(problems)
  return models
}

/** The upper entry's keys win; its price, in either form, replaces the lower one's. */
function layer(lower: ModelEntry, upper: ModelEntry): ModelEntry {
  const { price, prices, ...rest } = lower
  const priced = upper.price !== undefined || upper.prices !== undefined
  return { ...(priced ? rest : lower), ...upper }
}

function inherit(
  name: string,
  written: ReadonlyMap<string, ModelEntry>,
  report: (message: string) => void,
): ModelEntry | undefined {
  const seen = new Set([name])
  let entry = written.get(name) ?? {}
  for (let like = entry.same_as; like !== undefined; ) {
    const base = written.get(like)
    if (base === undefined) {
      report(`same_as names the unknown model "${like}"${suggest(like, written.keys())}`)
      return undefined
    }
    if (seen.has(like)) {
      report(`same_as leads in a circle through "${like}"`)
      return undefined
    }
    seen.add(like)
    entry = layer(base, entry)
    like = base.same_as
  }
  return entry
}

function complete(
  name: string,
  entry: ModelEntry,
  own: boolean,
  report: (message: string) => void,
): Model | undefined {
  const { upstream, context, max_output: maxOutput, capabilities } = entry
  if (upstream === undefined || context === undefined || maxOutput === undefined || !capabilities) {
    const needed = { upstream, context, max_output: maxOutput, capabilities }
    const missing = Object.entries(needed).filter(([, value]) => value === undefined)
    report(`needs ${missing.map(([key]) => key).join(', ')}, or same_as a model that has them`)
    return undefined
  }
  if (capabilities.includes('images') && entry.images === undefined) {
    report('takes images but has no images rule, so their cost has no bound')
    return undefined
  }
  return {
    model: name,
    upstream,
    context,
    maxOutput,
    reasoning: entry.reasoning ?? false,
    capabilities: new Set(capabilities),
    images: entry.images,
    shutdownAt: typeof entry.shutdown === 'number' ? entry.shutdown : undefined,
    replacedBy: entry.replaced_by,
    prices: pricesOf(name, entry, report),
    own,
  }
}

function pricesOf(name: string, entry: ModelEntry, report: (message: string) => void): DatedPrice[] {
  const dated = entry.price === undefined ? (entry.prices ?? []) : [{ ...entry.price, since: 0 }]
  const prices: DatedPrice[] = []
  for (const { since, ...list } of dated) {
    if (prices.some((other) => other.since === since)) report('two prices since the same day')
    prices.push({ model: name, since, price: priceOfList(list) })
  }
  return prices
}
