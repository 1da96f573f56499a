import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { countTokens } from 'gpt-tokenizer/encoding/o200k_base'
import { Pool } from 'undici'
import { stringify } from 'yaml'
import { compose, type Trivium } from '../../../src/compose.ts'
import { randomFrom } from '../../../src/simulator/random.ts'
import { type Simulator, startSimulator } from '../../../src/simulator/server.ts'
import { emptyTally, insist, type Tally } from './asker.ts'
import { type Books, readBooks } from './books.ts'
import { scriptFor, type Wave, waveOf } from './mix.ts'

/** What happens in the middle of every run: midnight, or a reload that doubles the budget. */
export type Across = 'nothing' | 'rollover' | 'reload'

export interface StormSettings {
  readonly seeds: readonly number[]
  /** Concurrent requests in every run. */
  readonly requests: number
  readonly limitUsd: number
  readonly across?: Across
  /**
   * Stores shared by this many replicas, which take turns serving requests; absent: one process with its
   * file.
   */
  readonly shared?: { readonly redis: string; readonly postgres: string; readonly replicas: number }
  onRun?(result: StormResult): void
}

/** The outcome of one run. Money in nano-dollars. */
export interface StormResult extends Books {
  readonly seed: number
  readonly tally: Tally
  readonly limit: number
  readonly ms: number
}

/**
 * Complaints if anything was overspent, if much of the budget could not be used, if a request was wrongly
 * refused, or if anything was billed but not booked.
 */
export function complaintsOf({
  tally,
  limit,
  billed,
  booked,
  windows,
  underbooked,
  unsettled,
}: StormResult): string[] {
  const complaints: string[] = [...tally.unexpected.slice(0, 3), ...underbooked.slice(0, 3)]
  // Midnight cuts the day before short, while clients still wait for money that is held.
  const newest = Object.keys(windows).sort().at(-1)
  if (billed > booked) complaints.push(`billed ${billed} of ${booked} booked`)
  for (const [window, sum] of Object.entries(windows)) {
    if (sum > limit) complaints.push(`overspent: ${sum} of ${limit} in ${window}`)
    if (sum < 0.95 * limit && window === newest) {
      complaints.push(`unused: ${limit - sum} of ${limit} in ${window}`)
    }
  }
  if (tally.falselyRefused > 0) complaints.push(`${tally.falselyRefused} falsely refused`)
  if (unsettled) complaints.push('rows and balance differ')
  return complaints
}

/**
 * One run per seed: many concurrent requests by a fresh team with one small budget, with an upstream that
 * bills the maximum and keeps its own account. Clients told that money is held retry, like the SDKs, until
 * they are answered or the budget is spent.
 */
export async function storm(settings: StormSettings): Promise<readonly StormResult[]> {
  const { shared } = settings
  const folder = mkdtempSync(join(tmpdir(), 'trivium-storm-'))
  const simulator = await startSimulator({ bills: 'most', tokens: countTokens })
  const place = new Place(folder, simulator, settings)
  const results: StormResult[] = []
  try {
    for (let count = 0; count < (shared?.replicas ?? 1); count += 1) await place.open()
    for (const seed of settings.seeds) {
      const result = await blow(place, seed, settings)
      results.push(result)
      settings.onRun?.(result)
    }
  } finally {
    await place.close()
    await simulator.close()
    rmSync(folder, { recursive: true, force: true })
  }
  return results
}

async function blow(place: Place, seed: number, settings: StormSettings): Promise<StormResult> {
  const { requests, limitUsd, across = 'nothing' } = settings
  const started = performance.now()
  const { simulator } = place
  const random = randomFrom(seed)
  const waves = Array.from({ length: requests }, (_, number) => waveOf(number, random))
  const script = scriptFor(waves)
  simulator.reset()
  simulator.follow(({ model }, { body }) => script(model, body))
  await place.prepare(seed)
  const tally = emptyTally()
  let ended = 0
  const turn = Promise.withResolvers<void>()
  const send = async (wave: Wave, number: number) => {
    await insist(place.poolFor(number), keyOf(seed), wave, random, tally)
    ended += 1
    if (ended === Math.ceil(requests / 10)) turn.resolve()
  }
  const half = across === 'nothing' ? requests : requests / 2
  const first = waves.slice(0, half).map(send)
  if (across !== 'nothing') await turn.promise
  await place.turn(seed)
  const second = waves.slice(half).map((wave, index) => send(wave, index + half))
  await Promise.all([...first, ...second])
  await simulator.idle()
  const books = await readBooks(place.store, teamOf(seed), simulator.calls, place.standing(teamOf(seed)))
  return { seed, tally, limit: limitUsd * 1e9, ms: performance.now() - started, ...books }
}

const teamOf = (seed: number) => `team-${seed}`
const keyOf = (seed: number) => `sk-storm-${seed}`
const ADMIN_TOKEN = 'storm'
const DAY_MS = 86_400_000

/** The replicas, their configuration, and the current day. */
class Place {
  readonly simulator: Simulator
  readonly store: string
  readonly #settings: StormSettings
  readonly #config: string
  readonly #database: string
  readonly #replicas: Trivium[] = []
  readonly #pools: Pool[] = []
  #ahead = 0

  constructor(folder: string, simulator: Simulator, settings: StormSettings) {
    this.simulator = simulator
    this.#settings = settings
    this.#config = join(folder, 'trivium.yaml')
    this.#database = join(folder, 'ledger.db')
    this.store = settings.shared?.postgres ?? this.#database
    this.#write(settings.seeds, 1)
  }

  async open(): Promise<void> {
    const clock = { now: () => Date.now() + this.#ahead, elapsed: () => performance.now() }
    const replica = await compose({ config: this.#config, env: {}, clock })
    this.#replicas.push(replica)
    this.#pools.push(new Pool(replica.dataUrl, { connections: this.#settings.requests }))
  }

  /** Before a run: moves to another day, or halves the budget. */
  async prepare(seed: number): Promise<void> {
    if (this.#settings.across === 'rollover') this.#ahead += DAY_MS
    if (this.#settings.across === 'reload') await this.#reload(seed, 0.5)
  }

  /** In the middle of a run: midnight, or the other half of the budget. */
  async turn(seed: number): Promise<void> {
    await this.prepare(seed)
    if (this.#settings.across === 'reload') await this.#reload(seed, 1)
  }

  poolFor(number: number): Pool {
    const pool = this.#pools[number % this.#pools.length]
    if (pool === undefined) throw new RangeError('no replica')
    return pool
  }

  /** The standing of the team's budget as reported by every replica. */
  standing(team: string): () => Promise<readonly Standing[]> {
    return () =>
      Promise.all(
        this.#replicas.map(async ({ adminUrl }) => {
          const headers = { authorization: `Bearer ${ADMIN_TOKEN}` }
          const answer = await fetch(`${adminUrl}/api/budgets`, { headers })
          const { budgets } = (await answer.json()) as { budgets: Standing[] }
          const [budget] = budgets.filter(({ id }) => id.startsWith(`team:${team}/`))
          if (budget === undefined) throw new RangeError(`no budget of ${team}`)
          return budget
        }),
      )
  }

  async close(): Promise<void> {
    await Promise.all(this.#pools.map((pool) => pool.close()))
    await Promise.all(this.#replicas.map((replica) => replica.close()))
  }

  async #reload(seed: number, share: number): Promise<void> {
    this.#write([seed], share)
    await Promise.all(this.#replicas.map((replica) => replica.reload()))
  }

  #write(seeds: readonly number[], share: number): void {
    const { limitUsd, across, shared } = this.#settings
    const per = across === 'rollover' ? 'day' : 'total'
    const teams = seeds.map((seed) => {
      const sha256 = createHash('sha256').update(keyOf(seed)).digest('hex')
      return [teamOf(seed), { budgets: [{ usd: limitUsd * share, per }], keys: [{ id: 'storm', sha256 }] }]
    })
    const { baseUrl } = this.simulator
    const configuration = {
      server: { listen: '127.0.0.1:0', admin: '127.0.0.1:0', admin_token: ADMIN_TOKEN },
      upstreams: { openai: { base_url: baseUrl, api_key: 'sk-simulated', retries: 1 } },
      models: { 'o1-mini': { shutdown: 'never' } },
      lifecycle: { refresh: 'never' },
      routes: {
        stem_reasoning: ['o1-mini', 'gpt-4o'],
        factual_recall: ['gpt-4o-mini', 'gpt-4o'],
        language_heavy: ['gpt-4o'],
      },
      teams: Object.fromEntries(teams),
      store:
        shared === undefined
          ? { sqlite: this.#database }
          : { redis: shared.redis, postgres: shared.postgres },
      log: { level: 'silent' },
    }
    writeFileSync(this.#config, stringify(configuration))
  }
}

/** As reported by the admin API. */
export interface Standing {
  readonly id: string
  readonly spent_usd: number
  readonly held_usd: number
}
