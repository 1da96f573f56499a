import { EFFORTS, type EffortRule, type Target } from '../base/target.ts'
import type { DatedPrice } from '../pricing/price-book.ts'
import { priceOfList } from '../pricing/price-list.ts'
import { ConfigError, type Problem } from './file/config-error.ts'
import { suggest } from './file/nearest.ts'
import type { Parsed } from './file/parse.ts'
import type { Family, ModelEntry } from './schema/model-schema.ts'

/** A model with every key filled in, independent of the upstream that serves it. */
export interface Model extends Omit<Target, 'sentModel'> {
  /** Every upstream that serves it, with its share; `upstream` comes first. */
  readonly lanes: readonly { readonly upstream: string; readonly weight: number }[]
  readonly replacedBy: string | undefined
  readonly prices: readonly DatedPrice[]
  /** Whether the configuration itself names it; otherwise it comes from the catalogue alone. */
  readonly own: boolean
}

interface Source extends Pick<Parsed<unknown>, 'problemAt'> {
  readonly entries: Readonly<Record<string, ModelEntry>>
}

type Families = Readonly<Record<string, Family>>
type Report = (message: string) => void

/**
 * Overlays the configuration's models on the catalogue's, key by key, resolves `same_as` and adds the
 * family's rules. Throws a ConfigError that names every model left incomplete.
 */
export function mergeModels(
  catalogue: Source & { readonly families: Families },
  own: Source,
): ReadonlyMap<string, Model> {
  const problems: Problem[] = []
  const written = new Map<string, ModelEntry>()
  for (const name of new Set([...Object.keys(catalogue.entries), ...Object.keys(own.entries)])) {
    written.set(name, layer(catalogue.entries[name] ?? {}, own.entries[name] ?? {}))
  }
  const models = new Map<string, Model>()
  for (const name of written.keys()) {
    const { problemAt } = own.entries[name] === undefined ? catalogue : own
    const report = (message: string) => problems.push(problemAt(['models', name], message))
    const inherited = inherit(name, written, report)
    const entry = inherited && ruled(inherited, catalogue.families, report)
    const model = entry && complete(name, entry, own.entries[name] !== undefined, report)
    if (model !== undefined) models.set(name, model)
  }
  if (problems.length > 0) throw new ConfigError(problems)
  return models
}

/** Fills in its family's rules where it has none of its own. */
function ruled(entry: ModelEntry, families: Families, report: Report): ModelEntry | undefined {
  if (entry.family === undefined) return entry
  const family = Object.hasOwn(families, entry.family) ? families[entry.family] : undefined
  if (family !== undefined) return { ...family, ...entry }
  report(`unknown family "${entry.family}"${suggest(entry.family, Object.keys(families))}`)
  return undefined
}

/** Keys of `upper` win; its price, in either form, replaces that of `lower`. */
function layer(lower: ModelEntry, upper: ModelEntry): ModelEntry {
  const { price, prices, ...rest } = lower
  const priced = upper.price !== undefined || upper.prices !== undefined
  return { ...(priced ? rest : lower), ...upper }
}

function inherit(
  name: string,
  written: ReadonlyMap<string, ModelEntry>,
  report: Report,
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
      report(`same_as forms a cycle through "${like}"`)
      return undefined
    }
    seen.add(like)
    entry = layer(base, entry)
    like = base.same_as
  }
  return entry
}

function complete(name: string, entry: ModelEntry, own: boolean, report: Report): Model | undefined {
  const { upstream: served, context, max_output: maxOutput, capabilities } = entry
  const lanes = lanesOf(served)
  const [first] = lanes
  if (first === undefined || context === undefined || maxOutput === undefined || !capabilities) {
    const needed = { upstream: served, context, max_output: maxOutput, capabilities }
    const missing = Object.entries(needed).filter(([, value]) => value === undefined)
    report(`needs ${missing.map(([key]) => key).join(', ')}, or same_as a model (or a family) that has them`)
    return undefined
  }
  if (capabilities.includes('images') && entry.images === undefined) {
    report('takes images but has no images rule, so their cost cannot be bounded')
    return undefined
  }
  return {
    model: name,
    upstream: first.upstream,
    lanes,
    context,
    maxOutput,
    reasoning: entry.reasoning ?? false,
    tokenizer: entry.tokenizer,
    capabilities: new Set(capabilities),
    effort: capabilities.includes('reasoning_effort') ? effortOf(entry.effort) : undefined,
    doubted: new Set(entry.doubted),
    refuses: entry.refuses ?? [],
    onlyFor: entry.only_for,
    images: entry.images,
    shutdownAt: typeof entry.shutdown === 'number' ? entry.shutdown : undefined,
    stays: entry.shutdown === 'never',
    replacedBy: entry.replaced_by,
    prices: pricesOf(name, entry, report),
    own,
  }
}

function lanesOf(served: ModelEntry['upstream']): Model['lanes'] {
  if (served === undefined) return []
  const list = typeof served === 'string' ? [served] : served
  return list.map((each) =>
    typeof each === 'string' ? { upstream: each, weight: 1 } : { upstream: each.name, weight: each.weight },
  )
}

/** The field's original values, accepted by every model that has it. */
const FIRST_EFFORTS: EffortRule['values'] = ['low', 'medium', 'high']

function effortOf(rule: ModelEntry['effort']): EffortRule {
  if (rule === undefined) return { values: FIRST_EFFORTS, usual: undefined, atNone: new Set() }
  const { values, usual, at_none: atNone } = rule
  return { values: EFFORTS.filter((effort) => values.includes(effort)), usual, atNone: new Set(atNone) }
}

function pricesOf(name: string, entry: ModelEntry, report: Report): DatedPrice[] {
  const dated = entry.price === undefined ? (entry.prices ?? []) : [{ ...entry.price, since: 0 }]
  const prices: DatedPrice[] = []
  for (const { since, ...list } of dated) {
    if (prices.some((other) => other.since === since)) report('two prices start on the same day')
    prices.push({ model: name, since, price: priceOfList(list) })
  }
  return prices
}
