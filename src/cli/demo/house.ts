import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import OpenAI from 'openai'
import { stringify } from 'yaml'
import { compose } from '../../compose.ts'
import type { LedgerLine } from '../../ledger/line.ts'
import { openLedgerReader } from '../../ledger/sqlite/reader.ts'
import { type Simulator, startSimulator } from '../../simulator/server.ts'
import type { Io } from '../command.ts'

/** The demo's teams: one with plenty of budget, one that soon runs out. */
export const TEAMS = {
  workshop: { key: 'sk-demo-workshop', usd: 5 },
  pocket: { key: 'sk-demo-pocket', usd: 0.005 },
} as const
/** Token for the console, which is reachable only from this machine. */
export const ADMIN_TOKEN = 'demo'

export type TeamName = keyof typeof TEAMS

/** The simulator and the proxy in front of it, in a temporary folder that is removed with them. */
export interface House {
  readonly dataUrl: string
  readonly adminUrl: string
  readonly simulator: Simulator
  clientOf(team: TeamName): OpenAI
  ledger(): readonly LedgerLine[]
  close(): Promise<void>
}

/** Starts both on free ports. Writes nothing outside the temporary folder and uses no network. */
export async function openHouse(io: Io): Promise<House> {
  const folder = mkdtempSync(join(tmpdir(), 'trivium-demo-'))
  const simulator = await startSimulator()
  const file = join(folder, 'trivium.yaml')
  const database = join(folder, 'ledger.db')
  writeFileSync(file, stringify(configuration(simulator.baseUrl, database)))
  const removeFolder = () => rmSync(folder, { recursive: true, force: true })
  try {
    const trivium = await compose({ config: file, env: io.env })
    return {
      dataUrl: trivium.dataUrl,
      adminUrl: trivium.adminUrl,
      simulator,
      clientOf: (team) =>
        new OpenAI({ apiKey: TEAMS[team].key, baseURL: `${trivium.dataUrl}/v1`, maxRetries: 0 }),
      ledger: () => readLedger(database),
      async close() {
        await trivium.close()
        await simulator.close()
        removeFolder()
      },
    }
  } catch (error) {
    await simulator.close()
    removeFolder()
    throw error
  }
}

/** All rows so far, oldest first, read as any other program would read them while the proxy writes. */
function readLedger(file: string): readonly LedgerLine[] {
  const reader = openLedgerReader(file)
  try {
    return [...reader.rows({})]
  } finally {
    reader.close()
  }
}

/** The default routes and rules, with the simulator as the upstream; it still serves o1-mini. */
function configuration(baseUrl: string, database: string): object {
  return {
    server: { listen: '127.0.0.1:0', admin: '127.0.0.1:0', admin_token: ADMIN_TOKEN },
    upstreams: { openai: { base_url: baseUrl, api_key: 'sk-simulated' } },
    models: { 'o1-mini': { shutdown: 'never' } },
    lifecycle: { refresh: 'never' },
    routes: {
      stem_reasoning: ['o1-mini', 'gpt-4o'],
      factual_recall: ['gpt-4o-mini'],
      language_heavy: ['gpt-4o'],
    },
    teams: Object.fromEntries(
      Object.entries(TEAMS).map(([name, { key, usd }]) => [
        name,
        { budgets: [{ usd, per: 'total' }], keys: [{ id: 'demo', sha256: sha256(key) }] },
      ]),
    ),
    // Lets the console show the prompts.
    capture: { prompts: 'full' },
    store: { sqlite: database },
    log: { level: 'silent' },
  }
}

function sha256(key: string): string {
  return createHash('sha256').update(key).digest('hex')
}
