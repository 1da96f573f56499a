import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { Pool } from 'undici'
import { stringify } from 'yaml'
import type { LedgerReader } from '../../../src/budget/reader.ts'
import { openPostgresReader } from '../../../src/budget/redis-postgres/reader.ts'
import { openLedgerReader } from '../../../src/budget/sqlite/reader.ts'
import { compose, type Trivium } from '../../../src/compose.ts'
import { type Random, randomFrom } from '../../../src/simulator/random.ts'
import { startSimulator } from '../../../src/simulator/server.ts'

/** What one run came to. Money in nano-dollars. */
export interface StormResult {
  readonly seed: number
  readonly answered: number
  readonly exhausted: number
  /** Answers `budget_held`, each of which was tried again. */
  readonly held: number
  /** Answers `store_unavailable` of a replica whose Redis took too long, tried again; only where stores are shared. */
  readonly away: number
  /** Refusals `insufficient_quota` while settled spend left room for a smallest answer. */
  readonly falselyRefused: number
  /** Anything that is neither an answer nor one of these refusals. */
  readonly unexpected: readonly string[]
  readonly billed: number
  readonly booked: number
}

export interface StormSettings {
  readonly seeds: readonly number[]
  /** Requests at once in every run. */
  readonly requests: number
  readonly limitUsd: number
  /** Stores that so many replicas share, which take turns at the requests; absent: one process and its file. */
  readonly shared?: { readonly redis: string; readonly postgres: string; readonly replicas: number }
  onRun?(result: StormResult): void
}

/**
 * One run a seed: so many requests at once on a fresh team with one small budget, JSON and streams mixed, none with a
 * cap, in front of an upstream that bills the most it may. Whoever is told that money is held tries again, as the SDKs
 * do, until it is answered or the budget is spent.
 */
export async function storm(settings: StormSettings): Promise<readonly StormResult[]> {
  const { seeds, shared } = settings
  const folder = mkdtempSync(join(tmpdir(), 'trivium-storm-'))
  const simulator = await startSimulator({ bills: 'most' })
  const config = join(folder, 'trivium.yaml')
  const database = join(folder, 'ledger.db')
  writeFileSync(config, stringify(configuration(simulator.baseUrl, database, settings)))
  const replicas: Trivium[] = []
  const pools: Pool[] = []
  const results: StormResult[] = []
  try {
    for (let count = 0; count < (shared?.replicas ?? 1); count += 1) {
      const replica = await compose({ config, env: {} })
      replicas.push(replica)
      pools.push(new Pool(replica.dataUrl, { connections: settings.requests }))
    }
    for (const seed of seeds) {
      simulator.reset()
      const tally = await blow(pools, seed, settings)
      await simulator.idle()
      const billed = simulator.billedNanoUsd()
      const booked = await bookedBy(shared?.postgres ?? database, teamOf(seed), billed)
      const result = { seed, ...tally, billed, booked }
      results.push(result)
      settings.onRun?.(result)
    }
  } finally {
    await Promise.all(pools.map((pool) => pool.close()))
    await Promise.all(replicas.map((replica) => replica.close()))
    await simulator.close()
    rmSync(folder, { recursive: true, force: true })
  }
  return results
}

type Tally = Omit<StormResult, 'seed' | 'billed' | 'booked'>

async function blow(pools: readonly Pool[], seed: number, settings: StormSettings): Promise<Tally> {
  const { requests, limitUsd, shared } = settings
  const random = randomFrom(seed)
  const tally = { answered: 0, exhausted: 0, held: 0, away: 0, falselyRefused: 0, unexpected: [] as string[] }
  const bodies = Array.from({ length: requests }, () => bodyOf(random))
  await Promise.all(
    bodies.map(async (body, index) => {
      for (let attempt = 0; attempt < MOST_ATTEMPTS; attempt += 1) {
        const { code, retryAfterMs, spentUsd, complaint } = await send(
          pools[index % pools.length],
          seed,
          body,
        )
        if (code === 'answered') tally.answered += 1
        else if (code === 'insufficient_quota') {
          tally.exhausted += 1
          if (limitUsd - spentUsd > ROOM_FOR_SMALLEST_USD) tally.falselyRefused += 1
        } else if (code === 'budget_held') {
          tally.held += 1
          await sleep(retryAfterMs * (0.5 + random()))
          continue
        } else if (code === 'store_unavailable' && shared !== undefined) {
          tally.away += 1
          await sleep(100 * (0.5 + random()))
          continue
        } else tally.unexpected.push(complaint)
        return
      }
      tally.unexpected.push('held for ever')
    }),
  )
  return tally
}

const MOST_ATTEMPTS = 100
/** gpt-4o's smallest answer, 256 tokens at 10 USD a million, and the prompt's bytes at 2.50: less than this. */
const ROOM_FOR_SMALLEST_USD = 0.004

interface Answer {
  readonly code: string
  readonly retryAfterMs: number
  readonly spentUsd: number
  readonly complaint: string
}

async function send(pool: Pool | undefined, seed: number, body: string): Promise<Answer> {
  if (pool === undefined) throw new RangeError('no replica')
  const {
    statusCode,
    headers,
    body: answer,
  } = await pool.request({
    path: '/v1/chat/completions',
    method: 'POST',
    headers: { authorization: `Bearer ${keyOf(seed)}`, 'content-type': 'application/json' },
    body,
  })
  const text = await answer.text()
  const retryAfterMs = Number(headers['retry-after-ms'] ?? 0)
  if (statusCode === 200) {
    const isWhole = !text.includes('"error"')
    return { code: isWhole ? 'answered' : 'torn', retryAfterMs, spentUsd: 0, complaint: text.slice(-300) }
  }
  const { error } = JSON.parse(text) as { error: { code: string; metadata?: { spent_usd: number } } }
  return { code: error.code, retryAfterMs, spentUsd: error.metadata?.spent_usd ?? 0, complaint: text }
}

const PROMPTS = [
  'Prove that the sum of two odd numbers is even.',
  'What is the capital of Australia?',
  'Write a short poem about the sea.',
  'Démontre que √2 est irrationnel.',
  '中国的首都是哪座城市？',
  'Schreibe eine höfliche Absage auf eine Einladung.',
]

function bodyOf(random: Random): string {
  const prompt = PROMPTS[Math.floor(random() * PROMPTS.length)] ?? ''
  const words = Array.from({ length: Math.floor(random() * 30) }, () =>
    Math.floor(random() * 1e6).toString(36),
  )
  const content = `${prompt} ${words.join(' ')}`
  return JSON.stringify({ model: 'auto', messages: [{ role: 'user', content }], stream: random() < 0.5 })
}

/** The sum of a team's rows, once all are closed and, on their way through Redis, there. */
async function bookedBy(store: string, team: string, billed: number): Promise<number> {
  const deadline = performance.now() + 5_000
  for (;;) {
    const reader: LedgerReader = store.startsWith('postgres:')
      ? await openPostgresReader(store)
      : openLedgerReader(store)
    const rows = await Array.fromAsync(reader.rows({ team }))
    await reader.close()
    const booked = rows.reduce((sum, row) => sum + (row.cost_nusd ?? 0), 0)
    const isWhole = rows.every((row) => row.outcome !== null) && booked === billed
    if (isWhole || performance.now() > deadline) return booked
    await sleep(10)
  }
}

const teamOf = (seed: number) => `team-${seed}`
const keyOf = (seed: number) => `sk-storm-${seed}`

function configuration(
  baseUrl: string,
  database: string,
  { seeds, limitUsd: usd, shared }: StormSettings,
): object {
  const teams = seeds.map((seed) => [
    teamOf(seed),
    {
      budgets: [{ usd, per: 'total' }],
      keys: [{ id: 'storm', sha256: createHash('sha256').update(keyOf(seed)).digest('hex') }],
    },
  ])
  return {
    server: { listen: '127.0.0.1:0', admin: '127.0.0.1:0' },
    upstreams: { openai: { base_url: baseUrl, api_key: 'sk-simulated' } },
    models: { 'o1-mini': { shutdown: 'never' } },
    routes: {
      stem_reasoning: ['o1-mini', 'gpt-4o'],
      factual_recall: ['gpt-4o-mini', 'gpt-4o'],
      language_heavy: ['gpt-4o'],
    },
    teams: Object.fromEntries(teams),
    store: shared === undefined ? { sqlite: database } : { redis: shared.redis, postgres: shared.postgres },
    log: { level: 'silent' },
  }
}
