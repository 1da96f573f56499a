import { createHash } from 'node:crypto'
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { stringify } from 'yaml'
import type { Clock } from '../../src/base/clock.ts'
import { compose } from '../../src/compose.ts'
import type { LedgerLine } from '../../src/ledger/line.ts'
import { openLedgerReader } from '../../src/ledger/sqlite/reader.ts'
import { type Simulator, type SimulatorOptions, startSimulator } from '../../src/simulator/server.ts'
import { eventually } from './eventually.ts'
import { temporaryDirectory } from './temporary-directory.ts'

/** Top-level keys of the configuration, each replacing the house's own. */
export type Settings = Readonly<Record<string, unknown>>

export interface HouseOptions {
  readonly settings?: Settings
  /** Keys of `upstreams.openai` in addition to its address and key. */
  readonly upstream?: Settings
  /** Upstreams in addition to `openai`. */
  readonly upstreams?: Settings
  /** Settings of team `research`, whose key `sk-test` every test client uses. */
  readonly team?: Settings
  readonly simulator?: SimulatorOptions
  readonly clock?: Clock
}

/** The simulator and the complete proxy in front of it; both end with the test. */
export interface House {
  /** Ends in `/v1`: all that a client's configuration has to change, besides the key `sk-test`. */
  readonly baseUrl: string
  readonly chatUrl: string
  readonly adminUrl: string
  readonly simulator: Simulator
  /** Path of the configuration file, which is watched. */
  readonly config: string
  /**
   * Overwrites the configuration. A running proxy applies it when `reload` is called, or notices it by
   * itself.
   */
  rewrite(options: Omit<HouseOptions, 'simulator' | 'clock'>): void
  reload(): Promise<void>
  /** Every row, oldest first. */
  rows(): readonly LedgerLine[]
  /** The row of the request with this `x-request-id`, once it is closed. */
  row(id: unknown): Promise<LedgerLine>
}

/** A test, or a whole file: anything with a cleanup hook. */
interface Scope {
  after(end: () => Promise<void>): void
}

export const KEY = 'sk-test'

/**
 * Starts both on free ports, for one test or (given `{ after }`) for a whole file. The house has no limits,
 * and a budget that no test exhausts by accident.
 */
export async function openHouse(test: Scope, options: HouseOptions = {}): Promise<House> {
  const { config, database, simulator, rewrite, close } = await prepareHouse(options)
  const { clock } = options
  const trivium = await compose({ config, env: {}, ...(clock !== undefined && { clock }) }).catch(
    async (error: unknown) => {
      await close()
      throw error
    },
  )
  test.after(async () => {
    await trivium.close()
    await close()
  })
  const rows = () => readRows(database)
  return {
    baseUrl: `${trivium.dataUrl}/v1`,
    chatUrl: `${trivium.dataUrl}/v1/chat/completions`,
    adminUrl: trivium.adminUrl,
    simulator,
    config,
    rewrite,
    reload: () => trivium.reload(),
    rows,
    row: (id) => eventually(() => rows().find((row) => row.id === id && row.outcome !== null)),
  }
}

/**
 * The upstream and the configuration file for a proxy that the test starts itself and ends before `close`.
 */
export async function prepareHouse(options: HouseOptions = {}) {
  const folder = temporaryDirectory()
  shareCompiledRules(folder.path)
  const simulator = await startSimulator(options.simulator)
  const config = join(folder.path, 'trivium.yaml')
  const database = join(folder.path, 'ledger.db')
  const rewrite = (rewritten: Omit<HouseOptions, 'simulator'>) =>
    writeFileSync(config, stringify(settingsOf(simulator.baseUrl, database, rewritten)))
  rewrite(options)
  const close = async () => {
    await simulator.close()
    folder.dispose()
  }
  return { config, database, simulator, rewrite, close }
}

/** Shares compiled rules between all tests' houses: compiling takes half a second, for each of hundreds. */
function shareCompiledRules(folder: string): void {
  const shared = resolve('node_modules/.cache/rules')
  mkdirSync(shared, { recursive: true })
  mkdirSync(join(folder, 'candidates'))
  symlinkSync(shared, join(folder, 'candidates', 'compiled'))
}

export function readRows(database: string): readonly LedgerLine[] {
  const reader = openLedgerReader(database)
  try {
    return [...reader.rows({})]
  } finally {
    reader.close()
  }
}

/** A key's entry in the configuration. */
export function keyEntry(key: string, more: Settings = {}): object {
  return { id: key, sha256: createHash('sha256').update(key).digest('hex'), ...more }
}

/** The simulator still serves o1-mini, which the vendor has removed from its API. */
function settingsOf(baseUrl: string, database: string, options: HouseOptions): object {
  const { settings, upstream, upstreams, team } = options
  return {
    server: { listen: '127.0.0.1:0', admin: '127.0.0.1:0', drain: '200ms' },
    upstreams: { openai: { base_url: baseUrl, api_key: 'sk-simulated', ...upstream }, ...upstreams },
    models: { 'o1-mini': { shutdown: 'never' } },
    // Tests count the requests the upstream receives.
    lifecycle: { refresh: 'never' },
    routes: {
      stem_reasoning: ['o1-mini', 'gpt-4o'],
      factual_recall: ['gpt-4o-mini', 'gpt-4o'],
      language_heavy: ['gpt-4o', 'gpt-4o-mini'],
    },
    teams: { research: { budgets: [{ usd: 100, per: 'total' }], keys: [keyEntry(KEY)], ...team } },
    store: { sqlite: database },
    log: { level: 'silent' },
    ...settings,
  }
}
