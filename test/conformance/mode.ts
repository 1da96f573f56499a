import { ENDPOINTS } from '../../src/base/endpoint.ts'
import { startSimulator } from '../../src/simulator/server.ts'
import { KEY, keyEntry, openHouse, type Settings } from '../support/house.ts'

/** The shipped routes: the preferred model first, then those that serve when it cannot. */
const ROADS = {
  stem_reasoning: ['o1-mini', 'gpt-5.6-terra', 'gpt-4o'],
  factual_recall: ['gpt-4o-mini', 'gpt-6-luna'],
  language_heavy: ['gpt-4o', 'gpt-6-luna'],
}
const ROAD_NAMES = Object.keys(ROADS)

/** Settings in which every class has this route's models, so that every request takes it. */
function allTake(road: readonly string[]): Settings {
  return Object.fromEntries(ROAD_NAMES.map((name) => [name, road]))
}

/** Which API programs use: the simulator itself (`direct`), or a proxy in front of one with these settings. */
const SETTINGS = {
  direct: undefined,
  routed: { routes: ROADS },
  'all stem': { routes: allTake(ROADS.stem_reasoning) },
  'all factual': { routes: allTake(ROADS.factual_recall) },
  'all language': { routes: allTake(ROADS.language_heavy) },
  successors: { preset: 'successors', routes: undefined },
} as const
export type Mode = keyof typeof SETTINGS
export const MODES = ['direct', 'routed', 'all stem', 'all factual', 'all language', 'successors'] as const

/** The environment variables of a client. */
export interface Place {
  readonly OPENAI_BASE_URL: string
  /** The same under its former name, which LlamaIndex in Python still reads. */
  readonly OPENAI_API_BASE: string
  readonly OPENAI_API_KEY: string
}

const UPSTREAM_KEY = 'sk-simulated'

/** Starts what a mode needs. `close` stops it. */
export async function openMode(mode: Mode): Promise<{ place: Place; close(): Promise<void> }> {
  const settings = SETTINGS[mode]
  if (settings === undefined) {
    const simulator = await startSimulator({ apiKey: UPSTREAM_KEY })
    return { place: placeAt(simulator.baseUrl, UPSTREAM_KEY), close: () => simulator.close() }
  }
  const ends: (() => Promise<void>)[] = []
  const house = await openHouse(
    { after: (end) => ends.push(end) },
    {
      simulator: { apiKey: UPSTREAM_KEY },
      settings: { models: SERVED, ...settings },
      team: {
        budgets: [{ usd: 100, per: 'total' }],
        endpoints: [...ENDPOINTS],
        keys: [keyEntry(KEY)],
      },
    },
  )
  const close = async () => {
    for (const end of ends) await end()
  }
  return { place: placeAt(house.baseUrl, KEY), close }
}

function placeAt(baseUrl: string, key: string): Place {
  return { OPENAI_BASE_URL: baseUrl, OPENAI_API_BASE: baseUrl, OPENAI_API_KEY: key }
}

/** Models that the simulator serves whatever the date. */
const SERVED = Object.fromEntries(
  ['o1-mini', 'gpt-4o', 'gpt-4o-mini', 'o4-mini'].map((model) => [model, { shutdown: 'never' }]),
)
