import { type ChildProcess, spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { Pool } from 'undici'
import { stringify } from 'yaml'
import { openLedgerReader } from '../../../src/ledger/sqlite/reader.ts'
import { startSimulator } from '../../../src/simulator/server.ts'

/** The outcome of one kill and restart. Money in nano-dollars. */
export interface RoundResult {
  readonly round: number
  /** Requests the upstream received in this round. */
  readonly seen: number
  /** Of these, the ones with no row, or with more than one. */
  readonly withoutRow: number
  readonly withTwoRows: number
  /** Rows still open after the restart. */
  readonly open: number
  readonly unsettled: number
  /** The sum of all rows, and what the restarted proxy reports as spent. */
  readonly rowsNusd: number
  readonly balanceNusd: number
}

export interface CrashSettings {
  readonly rounds: number
  readonly perSecond: number
  /**
   * How long a round runs before the kill, in milliseconds; longer if the machine is too busy to make
   * progress.
   */
  readonly forMs: number
  /** Minimum number of upstream calls before the kill. */
  readonly leastSeen?: number
  onRound?(result: RoundResult): void
}

const KEY = 'sk-crash'
const LIMIT_NUSD = 1_000 * 1e9

/**
 * Runs the whole program in its own process under a steady load, kills it with SIGKILL, restarts it on the
 * same store, and compares what the upstream saw with the ledger.
 */
export async function crashRounds(settings: CrashSettings): Promise<readonly RoundResult[]> {
  const folder = mkdtempSync(join(tmpdir(), 'trivium-crash-'))
  // Answers take a while to arrive, so that the kill interrupts some of them.
  const simulator = await startSimulator({ script: () => ({ fault: { kind: 'drip', ms: 5, bytes: 64 } }) })
  const config = join(folder, 'trivium.yaml')
  const database = join(folder, 'ledger.db')
  writeFileSync(config, stringify(configuration(simulator.baseUrl, database)))
  const results: RoundResult[] = []
  let program = await start(config)
  try {
    for (let round = 1; round <= settings.rounds; round += 1) {
      simulator.reset()
      await load(program, round, settings, () => simulator.calls.length)
      await simulator.idle()
      const seen = simulator.calls.flatMap(({ body }) => promptIn(body) ?? [])
      program = await start(config)
      results.push({ round, ...compare(database, seen), balanceNusd: await balance(program) })
      const last = results.at(-1)
      if (last !== undefined) settings.onRound?.(last)
    }
  } finally {
    program.process.kill('SIGKILL')
    await simulator.close()
    rmSync(folder, { recursive: true, force: true })
  }
  return results
}

interface Program {
  readonly process: ChildProcess
  readonly url: string
  readonly exited: Promise<unknown>
}

async function start(config: string): Promise<Program> {
  const child = spawn(process.execPath, ['src/main.ts', 'serve', '--config', config], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const exited = once(child, 'exit')
  const url = new Promise<string>((resolve) => {
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      const said = /listens on (http:\S+)\/v1/.exec(text)?.[1]
      if (said !== undefined) resolve(said)
    })
  })
  const died = exited.then(() => {
    throw new Error('the program did not start')
  })
  return { process: child, url: await Promise.race([url, died]), exited }
}

/** Sends requests at a steady rate until the kill, which comes while some are in flight. */
async function load(
  program: Program,
  round: number,
  { perSecond, forMs, leastSeen = 0 }: CrashSettings,
  seen: () => number,
): Promise<void> {
  const pool = new Pool(program.url, { connections: 256 })
  const sent: Promise<unknown>[] = []
  const started = performance.now()
  for (let index = 0; performance.now() - started < forMs || index < 2 * leastSeen; index += 1) {
    const body = JSON.stringify({
      model: 'auto',
      stream: index % 2 === 0,
      messages: [{ role: 'user', content: `What is the capital of country ${round}-${index}?` }],
    })
    const request = { path: '/v1/chat/completions', method: 'POST' as const, body, headers }
    sent.push(
      pool
        .request(request)
        .then(({ body: answer }) => answer.dump())
        .catch(() => undefined),
    )
    await sleep(Math.max(0, started + ((index + 1) * 1000) / perSecond - performance.now()))
  }
  while (seen() < leastSeen) await sleep(1)
  program.process.kill('SIGKILL')
  await program.exited
  await pool.destroy()
  await Promise.all(sent)
}

const headers = { authorization: `Bearer ${KEY}`, 'content-type': 'application/json' }

function promptIn(body: Buffer): string | undefined {
  return /What is the capital of country \d+-\d+\?/.exec(body.toString('utf8'))?.[0]
}

/** The ledger's name for a conversation: a hash of its first turns. */
function conversationOf(prompt: string): string {
  return createHash('sha256').update(`user\n${prompt}\n`).digest('hex').slice(0, 16)
}

function compare(database: string, seen: readonly string[]): Omit<RoundResult, 'round' | 'balanceNusd'> {
  const reader = openLedgerReader(database)
  const rows = [...reader.rows({})]
  reader.close()
  const count = new Map<string | null, number>()
  for (const { conversation } of rows) count.set(conversation, (count.get(conversation) ?? 0) + 1)
  const rowsOf = (prompt: string) => count.get(conversationOf(prompt)) ?? 0
  return {
    seen: seen.length,
    withoutRow: seen.filter((prompt) => rowsOf(prompt) === 0).length,
    withTwoRows: seen.filter((prompt) => rowsOf(prompt) > 1).length,
    open: rows.filter(({ outcome }) => outcome === null).length,
    unsettled: rows.filter(({ outcome }) => outcome === 'unsettled').length,
    rowsNusd: rows.reduce((sum, row) => sum + (row.cost_nusd ?? 0), 0),
  }
}

/**
 * What the running program considers spent: its budget less what it reports as remaining, before this
 * request's own hold.
 */
async function balance({ url }: Program): Promise<number> {
  const pool = new Pool(url)
  const { headers: answer, body } = await pool.request({
    path: '/v1/chat/completions',
    method: 'POST',
    headers,
    body: JSON.stringify({ model: 'auto', messages: [{ role: 'user', content: 'Who wrote Middlemarch?' }] }),
  })
  await body.dump()
  await pool.close()
  const cost = nano(answer['x-trivium-cost-usd'])
  return LIMIT_NUSD - nano(answer['x-trivium-budget-remaining-usd']) - cost
}

function nano(usd: string | string[] | undefined): number {
  return Math.round(Number(usd) * 1e9)
}

function configuration(baseUrl: string, database: string): object {
  return {
    server: { listen: '127.0.0.1:0', admin: '127.0.0.1:0' },
    upstreams: { openai: { base_url: baseUrl, api_key: 'sk-simulated' } },
    lifecycle: { refresh: 'never' },
    routes: { stem_reasoning: ['gpt-4o'], factual_recall: ['gpt-4o-mini'], language_heavy: ['gpt-4o'] },
    teams: {
      crash: {
        budgets: [{ usd: LIMIT_NUSD / 1e9, per: 'total' }],
        keys: [{ id: 'crash', sha256: createHash('sha256').update(KEY).digest('hex') }],
      },
    },
    store: { sqlite: database },
    log: { level: 'error' },
  }
}
