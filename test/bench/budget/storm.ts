import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { Pool } from 'undici'
import { stringify } from 'yaml'
import { openLedgerReader } from '../../../src/budget/sqlite/reader.ts'
import { compose } from '../../../src/compose.ts'
import { type Random, randomFrom } from '../../../src/simulator/random.ts'
import { startSimulator } from '../../../src/simulator/server.ts'

/** What one run came to. Money in nano-dollars. */
export interface StormResult {
  readonly seed: number
  readonly answered: number
  readonly exhausted: number
  /** Answers `budget_held`, each of which was tried again. */
  readonly held: number
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
  onRun?(result: StormResult): void
}

/**
 * One run a seed: so many requests at once on a fresh team with one small budget, JSON and streams mixed, none with a
 * cap, in front of an upstream that bills the most it may. Whoever is told that money is held tries again, as the SDKs
 * do, until it is answered or the budget is spent.
 */
export async function storm(settings: StormSettings): Promise<readonly StormResult[]> {
  const { seeds, limitUsd } = settings
  const folder = mkdtempSync(join(tmpdir(), 'trivium-storm-'))
  const simulator = await startSimulator({ bills: 'most' })
  const config = join(folder, 'trivium.yaml')
  const database = join(folder, 'ledger.db')
  writeFileSync(config, stringify(configuration(simulator.baseUrl, database, seeds, limitUsd)))
  const trivium = await compose({ config, env: {} })
  const pool = new Pool(trivium.dataUrl, { connections: settings.requests })
  const results: StormResult[] = []
  try {
    for (const seed of seeds) {
      simulator.reset()
      const tally = await blow(pool, seed, settings)
      await simulator.idle()
      const billed = simulator.billedNanoUsd()
      const booked = await bookedBy(database, teamOf(seed))
      const result = { seed, ...tally, billed, booked }
      results.push(result)
      settings.onRun?.(result)
    }
  } finally {
    await pool.close()
    await trivium.close()
    await simulator.close()
    rmSync(folder, { recursive: true, force: true })
  }
  return results
}

type Tally = Omit<StormResult, 'seed' | 'billed' | 'booked'>

async function blow(pool: Pool, seed: number, { requests, limitUsd }: StormSettings): Promise<Tally> {
  const random = randomFrom(seed)
  const tally = { answered: 0, exhausted: 0, held: 0, falselyRefused: 0, unexpected: [] as string[] }
  const bodies = Array.from({ length: requests }, () => bodyOf(random))
  await Promise.all(
    bodies.map(async (body) => {
      for (let attempt = 0; attempt < MOST_ATTEMPTS; attempt += 1) {
        const { code, retryAfterMs, spentUsd, complaint } = await send(pool, seed, body)
        if (code === 'answered') tally.answered += 1
        else if (code === 'insufficient_quota') {
          tally.exhausted += 1
          if (limitUsd - spentUsd > ROOM_FOR_SMALLEST_USD) tally.falselyRefused += 1
        } else if (code === 'budget_held') {
          tally.held += 1
          await sleep(retryAfterMs * (0.5 + random()))
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

async function send(pool: Pool, seed: number, body: string): Promise<Answer> {
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

async function bookedBy(database: string, team: string): Promise<number> {
  const deadline = performance.now() + 5_000
  for (;;) {
    const reader = openLedgerReader(database)
    const rows = [...reader.rows({ team })]
    reader.close()
    if (rows.every((row) => row.outcome !== null) || performance.now() > deadline) {
      return rows.reduce((sum, row) => sum + (row.cost_nusd ?? 0), 0)
    }
    await sleep(10)
  }
}

const teamOf = (seed: number) => `team-${seed}`
const keyOf = (seed: number) => `sk-storm-${seed}`

function configuration(baseUrl: string, database: string, seeds: readonly number[], usd: number): object {
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
    store: { sqlite: database },
    log: { level: 'silent' },
  }
}
