import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { Pool } from 'undici'
import { stringify } from 'yaml'
import { z } from 'zod'
import { openLedgerReader } from '../../../src/budget/sqlite/reader.ts'
import type { Fault } from '../../../src/simulator/faults.ts'
import { randomFrom } from '../../../src/simulator/random.ts'
import { type Simulator, startSimulator } from '../../../src/simulator/server.ts'

export interface Settings {
  readonly requests: number
  readonly atOnce: number
  readonly seed: number
  onStep(step: {
    readonly done: number
    readonly residentMib: number
    readonly inFlight: number
    readonly perSecond: number
  }): void
}

/** What was left when everything was over. Money in nano-dollars. */
export interface Result {
  readonly rowCount: number
  readonly openRows: number
  readonly outcomes: Readonly<Record<string, number>>
  readonly rowsNusd: number
  readonly balanceNusd: number
  readonly heldNusd: number
  readonly slots: number
  readonly freeSlots: number
}

const KEY = 'sk-endurance'
const ADMIN_TOKEN = 'endurance'
const STEPS = 10
const SLOTS = 256

/** How a request ends, and how often. The client's doing, or the upstream's. */
interface End {
  readonly share: number
  readonly stream?: boolean
  readonly leaveAfterMs?: number
  readonly fault?: Fault
}

const WHOLE: End = { share: 44 }
const SLOW: End = { share: 0, fault: { kind: 'drip', ms: 20, bytes: 64 } }
const ENDS: readonly End[] = [
  WHOLE,
  SLOW,
  { share: 26, stream: true },
  { share: 6, leaveAfterMs: 0 },
  { share: 6, stream: true, leaveAfterMs: 3, fault: { kind: 'drip', ms: 1, bytes: 256 } },
  { share: 4, fault: { kind: 'reset', when: 'before_headers' } },
  { share: 4, fault: { kind: 'status', code: 500 } },
  { share: 3, fault: { kind: 'status', code: 429, retry_after_ms: 1 } },
  { share: 2, fault: { kind: 'html' } },
  { share: 1, fault: { kind: 'stall', when: 'before_headers' } },
  { share: 1, stream: true, fault: { kind: 'reset', when: 'mid_frame' } },
  { share: 1, stream: true, fault: { kind: 'early_end' } },
  { share: 1, stream: true, fault: { kind: 'error_frame' } },
  { share: 1, stream: true, fault: { kind: 'stall', when: 'mid_stream' } },
]
const SHARES = ENDS.reduce((sum, { share }) => sum + share, 0)

/** Sends them all, so many at once, and compares what is left. */
export async function endure(settings: Settings): Promise<Result> {
  const folder = mkdtempSync(join(tmpdir(), 'trivium-endurance-'))
  const actFor = createScript()
  const simulator = await startSimulator({ script: (_request, { body }) => actFor(body) })
  const config = join(folder, 'trivium.yaml')
  const database = join(folder, 'ledger.db')
  writeFileSync(config, stringify(configuration(simulator.baseUrl, database)))
  const child = spawn(process.execPath, ['src/main.ts', 'serve', '--config', config], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const exited = once(child, 'exit')
  try {
    const { data, admin } = await addressesOf(child.stdout.setEncoding('utf8'))
    const pool = new Pool(data, { connections: settings.atOnce * 2 })
    await sendAll(settings, pool, simulator, async (done, perSecond) => {
      settings.onStep({
        done,
        perSecond,
        residentMib: residentMibOf(child.pid ?? 0),
        inFlight: await metric(admin, 'trivium_requests_in_flight'),
      })
    })
    await calm(admin)
    const freeSlots = await slotsFree(data)
    await calm(admin)
    const balance = await balanceOf(admin)
    await pool.destroy()
    child.kill('SIGTERM')
    await exited
    return { ...compare(database), ...balance, slots: SLOTS, freeSlots }
  } finally {
    child.kill('SIGKILL')
    await simulator.close()
    rmSync(folder, { recursive: true, force: true })
  }
}

async function sendAll(
  { requests, atOnce, seed }: Settings,
  pool: Pool,
  simulator: Simulator,
  onStep: (done: number, perSecond: number) => Promise<void>,
): Promise<void> {
  const random = randomFrom(seed)
  let sent = 0
  let since = performance.now()
  for (let step = 1; step <= STEPS; step += 1) {
    const until = Math.round((requests * step) / STEPS)
    const before = sent
    const lane = async () => {
      while (sent < until) {
        sent += 1
        await send(pool, sent, random)
      }
    }
    await Promise.all(Array.from({ length: atOnce }, lane))
    const now = performance.now()
    await onStep(sent, ((sent - before) * 1000) / (now - since))
    simulator.reset()
    since = performance.now()
  }
}

async function send(pool: Pool, number: number, random: () => number): Promise<void> {
  const end = endFor(random() * SHARES)
  const body = JSON.stringify({
    model: 'auto',
    stream: end.stream ?? false,
    messages: [{ role: 'user', content: `What is the capital of country ${number}? ${wordFor(end)}` }],
  })
  const leaving = new AbortController()
  if (end.leaveAfterMs !== undefined) setTimeout(() => leaving.abort(), end.leaveAfterMs)
  try {
    const answer = await pool.request({ path: PATH, method: 'POST', headers, body, signal: leaving.signal })
    await answer.body.dump({ limit: Number.MAX_SAFE_INTEGER })
  } catch {
    // Left, or cut off: that is what was asked for.
  }
}

const PATH = '/v1/chat/completions'
const headers = { authorization: `Bearer ${KEY}`, 'content-type': 'application/json' }

/** A prompt says how it is to end, since nothing else reaches every upstream. */
function wordFor(end: End): string {
  return `end-${ENDS.indexOf(end)}`
}

function endFor(dice: number): End {
  let upTo = 0
  for (const end of ENDS) {
    upTo += end.share
    if (dice < upTo) return end
  }
  return WHOLE
}

/**
 * What a prompt wishes for, once: who is asked again answers, or five failures in a row would put the target to rest
 * and the rest of the run would be refusals.
 */
function createScript(): (body: Buffer) => { readonly fault: Fault } | undefined {
  const struck = new Set<string>()
  return (body) => {
    const [, country = '', place = ''] = /country (\d+)\? end-(\d+)/.exec(body.toString('latin1')) ?? []
    const fault = ENDS[Number(place)]?.fault
    if (fault === undefined || fault.kind === 'drip') return fault && { fault }
    if (struck.delete(country)) return undefined
    struck.add(country)
    return { fault }
  }
}

/** As many requests at once as the team may have: each finds a slot only if none was lost. */
async function slotsFree(data: string): Promise<number> {
  const pool = new Pool(data, { connections: SLOTS })
  const body = JSON.stringify({
    model: 'auto',
    messages: [{ role: 'user', content: `What is the capital of country 0? ${wordFor(SLOW)}` }],
  })
  const answers = Array.from({ length: SLOTS }, async () => {
    const answer = await pool.request({ path: PATH, method: 'POST', headers, body })
    await answer.body.dump()
    return answer.statusCode
  })
  const statuses = await Promise.all(answers)
  await pool.close()
  return statuses.filter((status) => status === 200).length
}

/** Waits until nothing is in flight any more, its rows included. */
async function calm(admin: string): Promise<void> {
  for (let tries = 0; tries < 300; tries += 1) {
    if ((await metric(admin, 'trivium_requests_in_flight')) === 0) return
    await sleep(100)
  }
  throw new Error('requests are still in flight after 30 s')
}

async function metric(admin: string, name: string): Promise<number> {
  const text = await (await fetch(`${admin}/metrics`, { headers: adminHeaders })).text()
  return Number(new RegExp(`^${name} (\\d+)`, 'm').exec(text)?.[1])
}

const adminHeaders = { authorization: `Bearer ${ADMIN_TOKEN}` }

const Balances = z.object({ budgets: z.array(z.object({ spent_usd: z.number(), held_usd: z.number() })) })

async function balanceOf(admin: string): Promise<Pick<Result, 'balanceNusd' | 'heldNusd'>> {
  const answer = await fetch(`${admin}/api/budgets`, { headers: adminHeaders })
  const [budget] = Balances.parse(await answer.json()).budgets
  const nano = (usd: number | undefined) => Math.round((usd ?? Number.NaN) * 1e9)
  return { balanceNusd: nano(budget?.spent_usd), heldNusd: nano(budget?.held_usd) }
}

function compare(database: string): Omit<Result, 'balanceNusd' | 'heldNusd' | 'slots' | 'freeSlots'> {
  const reader = openLedgerReader(database)
  const outcomes: Record<string, number> = {}
  let rowCount = 0
  let openRows = 0
  let rowsNusd = 0
  for (const { outcome, cost_nusd } of reader.rows({})) {
    rowCount += 1
    if (outcome === null) openRows += 1
    outcomes[outcome ?? 'open'] = (outcomes[outcome ?? 'open'] ?? 0) + 1
    rowsNusd += cost_nusd ?? 0
  }
  reader.close()
  return { rowCount, openRows, outcomes, rowsNusd }
}

function residentMibOf(pid: number): number {
  return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024
}

async function addressesOf(output: NodeJS.ReadableStream): Promise<{ data: string; admin: string }> {
  for await (const text of output) {
    const [, data, admin] = /listens on (http:\S+)\/v1, admin on (http:\S+)/.exec(String(text)) ?? []
    if (data !== undefined && admin !== undefined) {
      output.resume()
      return { data, admin }
    }
  }
  throw new Error('the program did not start')
}

function configuration(baseUrl: string, database: string): object {
  return {
    server: { listen: '127.0.0.1:0', admin: '127.0.0.1:0', admin_token: ADMIN_TOKEN },
    upstreams: {
      openai: {
        base_url: baseUrl,
        api_key: 'sk-simulated',
        timeouts: { first_byte: '400ms', idle: '400ms' },
        retries: 1,
      },
    },
    lifecycle: { refresh: 'never' },
    routes: {
      stem_reasoning: ['gpt-4o'],
      factual_recall: ['gpt-4o-mini', 'gpt-4o'],
      language_heavy: ['gpt-4o'],
    },
    teams: {
      endurance: {
        budgets: [{ usd: 1_000_000, per: 'total' }],
        limits: { concurrent: SLOTS, requests_per_minute: 10_000_000, tokens_per_minute: 1_000_000_000 },
        keys: [{ id: 'endurance', sha256: createHash('sha256').update(KEY).digest('hex') }],
      },
    },
    store: { sqlite: database },
    log: { level: 'silent' },
  }
}
