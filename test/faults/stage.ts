import { setTimeout } from 'node:timers/promises'
import type { LedgerLine } from '../../src/ledger/line.ts'
import type { Script } from '../../src/simulator/act.ts'
import type { RecordedCall } from '../../src/simulator/call.ts'
import { MODELS, modelNamed, type SimulatedModel } from '../../src/simulator/models.ts'
import { startSimulator } from '../../src/simulator/server.ts'
import { eventually } from '../support/eventually.ts'
import { type HouseOptions, keyEntry, openHouse } from '../support/house.ts'
import type { Major } from '../support/openai-majors.ts'
import type { Fault } from './fault.ts'
import { type Sighting, see, type Way } from './sighting.ts'

/** One request of one client that meets one fault. */
export interface Case {
  readonly fault: Fault
  readonly way: Way
  readonly major: Major
}

export interface Setting {
  /** How often the same target is asked again. */
  readonly retries: number
  /** Whether the fault strikes only the first request. */
  readonly once: boolean
  /** Whether there is another, healthy target. */
  readonly other: boolean
}

/** The result as seen by client, ledger and upstream. */
export interface Played extends Case {
  /** Undefined if the request hung. */
  readonly sighting: Sighting | undefined
  readonly rows: readonly LedgerLine[]
  /** The upstream calls made for it. */
  readonly calls: readonly RecordedCall[]
}

/** The healthy target of settings that have another. */
export const OTHER = 'gpt-4.1-mini'

/** How long an upstream may be silent, and how long a request may take, in milliseconds. */
const SILENT_MS = 3_000
const PATIENCE_MS = 30_000

/** Cases played at a time: enough to keep the processors busy without making any of them wait for long. */
const AT_ONCE = 12

/** An address on which nothing listens. */
const NOBODY = 'http://127.0.0.1:1/v1'

/**
 * Plays all cases in one house, many at a time. They do not affect each other: each has a team, an upstream
 * and a model of its own, and so its own circuit breaker, cooldowns and retry budget.
 */
export async function playAll(
  scope: { after(end: () => Promise<void>): void },
  cases: readonly Case[],
  setting: Setting,
): Promise<readonly Played[]> {
  const named = cases.map((each, index) => ({ ...each, name: `case-${index}` }))
  const models = [...MODELS, ...named.map(simulated)]
  const simulator = await startSimulator({ models, script: scriptFor(named, setting) })
  scope.after(() => simulator.close())
  const house = await openHouse(scope, settingsFor(named, setting, simulator.baseUrl))

  const sightings = new Map<Named, Sighting | undefined>()
  const play = async (each: Named) => {
    sightings.set(each, await seeInTime(each, house.baseUrl))
  }
  // Cases that merely wait run beside the others and hold none of them up.
  const [silent, busy] = [named.filter(isSilent), named.filter((each) => !isSilent(each))]
  const playNext = async () => {
    for (let next = busy.shift(); next !== undefined; next = busy.shift()) await play(next)
  }
  await Promise.all([...silent.map(play), ...Array.from({ length: AT_ONCE }, playNext)])
  await simulator.idle()
  const rows = await eventually(() => {
    const all = house.rows()
    return all.length >= named.length && all.every(({ outcome }) => outcome !== null) ? all : undefined
  })
  return named.map((each) => ({
    ...each,
    sighting: sightings.get(each),
    rows: rows.filter(({ team }) => team === each.name),
    calls: simulator.calls.filter(({ headers }) => headers[CASE] === each.name),
  }))
}

/** A header that goes upstream with the request and identifies its calls. */
const CASE = 'x-case'

interface Named extends Case {
  readonly name: string
}

function seeInTime({ name, major, way, fault }: Named, baseURL: string): Promise<Sighting | undefined> {
  const most = fault.reasoning === true ? 64 : 400
  const question = { model: 'trivium/factual_recall', words: 'What is the capital of Australia?', most }
  const hung = setTimeout(PATIENCE_MS, undefined, { ref: false })
  const setup = { baseURL, apiKey: name, defaultHeaders: { [CASE]: name } }
  return Promise.race([see(major, way, setup, question), hung])
}

function isSilent({ fault: { act } }: Case): boolean {
  return act !== 'nobody' && act.fault?.kind === 'stall'
}

function modelOf({ fault }: Case): string {
  return fault.reasoning === true ? 'o4-mini' : 'gpt-4o'
}

function simulated(each: Named): SimulatedModel {
  const model = modelNamed(MODELS, modelOf(each))
  if (model === undefined) throw new Error(`nobody plays ${modelOf(each)}`)
  return { ...model, id: each.name, dated: `${each.name}-2026-11-01` }
}

function scriptFor(named: readonly Named[], { once }: Setting): Script {
  const acts = new Map(named.map(({ name, fault }) => [name, fault.act]))
  return ({ model }) => {
    const act = acts.get(model)
    if (once) acts.delete(model)
    return act === 'nobody' ? undefined : act
  }
}

/** One route lists all targets. Each team may use only its own and, if there is one, the healthy one. */
function settingsFor(
  named: readonly Named[],
  { retries, other }: Setting,
  baseUrl: string,
): Pick<HouseOptions, 'settings' | 'upstream' | 'upstreams'> {
  const others = other ? [OTHER] : []
  const entries = (entry: (each: Named) => object) =>
    Object.fromEntries(named.map((each) => [each.name, entry(each)]))
  return {
    upstream: { base_url: baseUrl },
    upstreams: entries(({ fault }) => ({
      base_url: fault.act === 'nobody' ? NOBODY : baseUrl,
      api_key: 'sk-simulated',
      retries,
      timeouts: { first_byte: `${SILENT_MS}ms`, idle: `${SILENT_MS}ms` },
    })),
    settings: {
      lifecycle: { refresh: 'never' },
      models: entries((each) => ({ same_as: modelOf(each), upstream: each.name, shutdown: 'never' })),
      routes: {
        stem_reasoning: ['gpt-4o'],
        factual_recall: [...named.map(({ name }) => name), ...others],
        language_heavy: ['gpt-4o'],
      },
      teams: entries(({ name }) => ({
        budgets: [{ usd: 10, per: 'total' }],
        models: [name, ...others],
        keys: [keyEntry(name)],
      })),
    },
  }
}
