import type { Capability, Target } from '../base/target.ts'
import type { Lane } from '../routing/lanes.ts'
import type { Model } from './catalogue.ts'
import type { KeyPath } from './file/key-path.ts'
import { suggest } from './file/nearest.ts'
import type { Config } from './load.ts'
import { keysOf, nameOfKey } from './process-settings.ts'

/** Some API versions of Azure reject a service tier. */
const NOT_ON_AZURE: ReadonlySet<Capability> = new Set(['service_tier'])

type UpstreamEntry = Config['settings']['upstreams'][string]

/**
 * Where each model is served: one lane for each of its upstreams and each key of that upstream. A catalogue
 * model whose upstream is not configured is an error only once it is referred to.
 */
export function compileTargets(
  config: Config,
  report: (path: KeyPath, message: string) => void,
): ReadonlyMap<string, readonly Lane[]> {
  const upstreams = new Map(Object.entries(config.settings.upstreams))
  const lanesByModel = new Map<string, readonly Lane[]>()
  for (const model of config.models.values()) {
    const lanes = model.lanes.flatMap(({ upstream, weight }) => {
      const entry = upstreams.get(upstream)
      if (entry !== undefined) return lanesOf(model, upstream, weight, entry)
      if (model.own) {
        const near = suggest(upstream, upstreams.keys())
        report(['models', model.model, 'upstream'], `unknown upstream "${upstream}"${near}`)
      }
      return []
    })
    if (lanes.length > 0) lanesByModel.set(model.model, lanes)
  }
  for (const [name, upstream] of upstreams) {
    for (const model of Object.keys(upstream.deployments)) {
      if (lanesByModel.get(model)?.some(({ target }) => ownerOf(target.upstream) === name)) continue
      report(['upstreams', name, 'deployments', model], `no model "${model}" is served by upstream "${name}"`)
    }
  }
  return lanesByModel
}

/** The first lane's target of each model, for uses where one is enough. */
export function firstTargets(
  lanesByModel: ReadonlyMap<string, readonly Lane[]>,
): ReadonlyMap<string, Target> {
  return new Map(
    [...lanesByModel].flatMap(([model, [first]]) => (first === undefined ? [] : [[model, first.target]])),
  )
}

/** The upstream in the configuration that a lane's name belongs to. */
export function ownerOf(lane: string): string {
  const end = lane.indexOf('#')
  return end === -1 ? lane : lane.slice(0, end)
}

function lanesOf(model: Model, name: string, weight: number, upstream: UpstreamEntry): readonly Lane[] {
  const deployment = Object.hasOwn(upstream.deployments, model.model)
    ? upstream.deployments[model.model]
    : undefined
  const { replacedBy: _, prices: __, own: ___, lanes: ____, ...target } = model
  const capabilities =
    upstream.kind === 'azure' ? model.capabilities.difference(NOT_ON_AZURE) : model.capabilities
  const keys = keysOf(upstream.api_key)
  return keys.map((_key, index) => ({
    target: {
      ...target,
      upstream: nameOfKey(name, index),
      capabilities,
      sentModel: deployment ?? model.model,
    },
    weight: weight / keys.length,
  }))
}
